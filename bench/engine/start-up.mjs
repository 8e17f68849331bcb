import { median, percentile } from '../figures.mjs';
import { checkSame } from './agree.mjs';
import { table } from './table.mjs';

const CONTENDERS = [
  { name: 'Hayate', page: 'hayate' },
  { name: 'transformers.js', page: 'transformers-js' },
];
/** Each round: a context with empty caches for each contender, and in it a first and a second visit. */
export async function measureStartUp(place, rounds) {
  /** @type {Record<'first' | 'second', any[]>} */
  const visits = { first: [], second: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const step of CONTENDERS.keys()) {
      const { name, page } = CONTENDERS[(step + round) % CONTENDERS.length];
      const context = await place.browser.newContext();
      for (const visits_ of Object.values(visits))
        visits_.push({ name, ...(await visitOnce(place, page, context)) });
      await context.close();
    }
  }
  return report(visits, rounds);
}

async function visitOnce({ open, requests }, name, context) {
  const before = requests.length;
  const page = await open(name, 'contender', context);
  const started = await page.evaluate(() => globalThis.contender.start());
  await page.close();
  return { ...started, asked: requests.slice(before).map(kindOf) };
}

/** What an address asks for. */
function kindOf(url) {
  const path = url.split('?')[0];
  if (/\/kernels[^/]*\.wasm$/.test(path)) return 'kernels';
  if (/\.wasm$/.test(path)) return 'ONNX Runtime’s wasm';
  if (/\.onnx$|\/(labels|config|preprocessor_config)[^/]*\.json$/.test(path)) return 'model files';
  return 'pages and scripts';
}

const KINDS = ['kernels', 'ONNX Runtime’s wasm', 'model files', 'pages and scripts'];

function report(visits, rounds) {
  checkSame(
    'The best label',
    Object.values(visits).flatMap((all) => all.map(({ label }) => label)),
  );
  const rows = Object.entries(visits).flatMap(([visit, all]) =>
    CONTENDERS.map(({ name }) => {
      const own = all.filter((one) => one.name === name);
      const ours = all.filter((one) => one.name === 'Hayate');
      const middle = (some, key) => median(some.map((one) => one[key]));
      const ratio = (key) => (middle(own, key) / middle(ours, key)).toFixed(2);
      const most = (kind) => Math.max(...own.map(({ asked }) => asked.filter((one) => one === kind).length));
      return { name: `${name}, ${visit} visit`, own, ratio, most, scriptsMs: middle(own, 'scriptsMs') };
    }),
  );
  const [, peer, again] = rows;
  const kept = KINDS.slice(0, 3).map((kind) => again.most(kind));
  return {
    bounds: [
      [
        'first visit, transformers.js ÷ Hayate: loaded, first answer',
        'at least 1.5',
        `${peer.ratio('loadedMs')}, ${peer.ratio('answeredMs')}`,
      ],
      ['second visit: requests for kernels, ONNX Runtime’s wasm, model files', '0, 0, 0', kept.join(', ')],
    ],
    lines: [
      `**From nothing to the first answer**, ${rounds} rounds, each with empty caches, and a second visit with what the first has left in them`,
      '',
      ...table(
        [
          '',
          'loaded, ms: median (p10 to p90)',
          '÷ Hayate',
          'first answer, ms',
          '÷ Hayate',
          'scripts before, ms',
          ...KINDS,
        ],
        rows.map(({ name, own, ratio, most, scriptsMs }) => [
          name,
          spread(own.map(({ loadedMs }) => loadedMs)),
          ratio('loadedMs'),
          spread(own.map(({ answeredMs }) => answeredMs)),
          ratio('answeredMs'),
          scriptsMs.toFixed(0),
          ...KINDS.map(most),
        ]),
      ),
      '',
      'The clock starts when the page’s scripts have come: transformers.js is in them, Hayate’s worker is not. The counts are of requests that reached the server, the most in any round.',
      '',
    ],
  };
}

const spread = (times) =>
  `${median(times).toFixed(0)} (${percentile(times, 0.1).toFixed(0)} to ${percentile(times, 0.9).toFixed(0)})`;
