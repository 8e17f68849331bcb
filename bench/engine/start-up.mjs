import { median, percentile } from '../figures.mjs';
import { table } from './table.mjs';

const CONTENDERS = [
  { name: 'Hayate', page: 'hayate' },
  { name: 'transformers.js', page: 'transformers-js' },
];
const FIGURES = {
  loadedMs: 'loaded',
  answeredMs: 'first answer',
};

/** Each round: a context with empty caches for each contender, and in it a first and a second visit. */
export async function measureStartUp(place, rounds) {
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

function report(visits, rounds) {
  const rows = Object.entries(visits).flatMap(([visit, all]) => {
    const of = (name) => all.filter((one) => one.name === name);
    return CONTENDERS.map(({ name }) => {
      const ratio = (key) =>
        median(of(name).map((one) => one[key])) / median(of('Hayate').map((one) => one[key]));
      const times = (key) => of(name).map((one) => one[key]);
      return [
        `${name}, ${visit} visit`,
        ...Object.keys(FIGURES).flatMap((key) => [spread(times(key)), ratio(key).toFixed(2)]),
        median(times('scriptsMs')).toFixed(0),
        [...new Set(of(name).map(({ label }) => label))].join(', '),
      ];
    });
  });
  const labels = Object.values(FIGURES).flatMap((title) => [`${title}, ms: median (p10 to p90)`, '÷ Hayate']);
  return [
    `**From nothing to the first answer**, ${rounds} rounds`,
    '',
    ...table(['', ...labels, 'page’s scripts before, ms', 'best label'], rows),
    '',
    'Asked: transformers.js ÷ Hayate of at least 1.5 to the first answer of a first visit.',
    '',
    '**Asked of the server**, the most in any round',
    '',
    ...table(
      ['', ...KINDS],
      Object.entries(visits).flatMap(([visit, all]) =>
        CONTENDERS.map(({ name }) => [
          `${name}, ${visit} visit`,
          ...KINDS.map((kind) =>
            mostAsked(
              all.filter((one) => one.name === name),
              kind,
            ),
          ),
        ]),
      ),
    ),
    '',
    'Asked of Hayate’s second visit: none but of pages and scripts.',
    '',
  ];
}

const KINDS = ['kernels', 'ONNX Runtime’s wasm', 'model files', 'pages and scripts'];

const mostAsked = (visits, kind) =>
  Math.max(...visits.map(({ asked }) => asked.filter((one) => one === kind).length));

const spread = (times) =>
  `${median(times).toFixed(0)} (${percentile(times, 0.1).toFixed(0)} to ${percentile(times, 0.9).toFixed(0)})`;
