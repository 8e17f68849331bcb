import { table } from '../engine/table.mjs';
import { traceRuns } from '../engine/trace.mjs';
import { median, percentile } from '../figures.mjs';
import { leastOverlap } from './agree.mjs';

const WARM_UP = 8;
const BATCH = 20;
const KINDS = ['VideoFrame', 'ImageBitmap'];

/** Of each model its name, the least score that counts, how much faster Hayate shall be, and from what. */
const MODELS = {
  blazeface: {
    ...{ title: 'BlazeFace', threshold: 0.5, asked: 1.3 },
    kinds: [...KINDS, 'ImageBitmap with alpha'],
  },
  centernet: { title: 'CenterNet', threshold: 0.3, asked: 1, kinds: KINDS },
  yolox: { title: 'YOLOX-nano', threshold: 0.3, asked: 1, kinds: KINDS },
  nanodet: { title: 'NanoDet-g', threshold: 0.35, asked: 1, kinds: KINDS },
};

/** Runs one model by all contenders in turn, from fresh frames and from fresh bitmaps. */
export async function measureStill({ browser, open, mediapipe }, which, rounds) {
  const { kinds } = MODELS[which];
  const page = await open('still');
  const names = await page.evaluate(
    (args) => globalThis.still.prepare(...args),
    [which, which === 'blazeface' ? mediapipe : undefined],
  );
  const rows = kinds.flatMap((kind) => names.map((name, at) => ({ kind, name, at, runs: [] })));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const kind of kinds) {
      const results = await page.evaluate((args) => globalThis.still.round(...args), [kind, round + WARM_UP]);
      if (round < 0) continue;
      for (const row of rows) if (row.kind === kind) row.runs.push(results[row.at]);
    }
  }
  for (const row of rows) {
    await page.evaluate((args) => globalThis.still.makePictures(...args), [row.kind, BATCH]);
    row.traced = await traceRuns(browser, page, async () => {
      row.longTasks = await page.evaluate((at) => globalThis.still.batch(at), row.at);
    });
  }
  await page.context().close();
  return report(which, rows, rounds);
}

const msOf = (row) => row.runs.map(({ ms }) => ms);
const ratio = (row, ours) => median(msOf(row)) / median(msOf(ours));
/** Of each round by itself. */
const ratios = (row, ours) => msOf(row).map((ms, round) => ms / msOf(ours)[round]);
const stage = (row, name) => {
  const times = row.runs.map(({ stages }) => stages[name]);
  return times[0] === undefined ? '' : median(times).toFixed(2);
};
const rest = (row) => {
  const times = row.runs.map(
    ({ ms, stages }) => ms - Object.values(stages).reduce((sum, part) => sum + part, 0),
  );
  return stage(row, 'inference') === '' ? '' : median(times).toFixed(2);
};

/** The columns: a title, and what stands in it for a row and Hayate's row of the same kind. */
const COLUMNS = {
  '': ({ name }) => name,
  from: ({ kind }) => kind,
  'median ms': (row) => median(msOf(row)).toFixed(1),
  'p10 to p90': (row) => [0.1, 0.9].map((share) => percentile(msOf(row), share).toFixed(1)).join(' to '),
  '÷ Hayate': (row, ours) => ratio(row, ours).toFixed(2),
  'p10 to p90 of the rounds': (row, ours) =>
    [0.1, 0.9].map((share) => percentile(ratios(row, ours), share).toFixed(2)).join(' to '),
  'to the tensor': (row) => stage(row, 'picture'),
  inference: (row) => stage(row, 'inference'),
  'from the outputs': (row) => stage(row, 'outputs'),
  'all else': rest,
  'page’s thread per run': ({ traced }) => median(traced.taskMs).toFixed(2),
  'of it on a processor': ({ traced }) => median(traced.cpuMs).toFixed(2),
  'tasks over 50 ms': ({ longTasks }) => longTasks.length,
  found: ({ runs }) => runs.at(-1).found.length,
  'least overlap': ({ overlap }) => overlap.toFixed(2),
};

function report(which, rows, rounds) {
  const { title, threshold, asked, kinds } = MODELS[which];
  const oursOf = ({ kind }) => rows.find((row) => row.kind === kind && row.name === 'Hayate');
  for (const row of rows) {
    const [mine, reference] = [row, oursOf(row)].map(({ runs }) => runs.at(-1).found);
    row.overlap = leastOverlap(`What ${row.name} finds by ${title}`, mine, reference, threshold);
  }
  const cells = rows.map((row) => Object.values(COLUMNS).map((cell) => cell(row, oursOf(row))));
  const stages = kinds.map((kind) => {
    const { runs } = oursOf({ kind });
    const each = Object.keys(runs[0].timings).map(
      (name) => `${name} ${median(runs.map(({ timings }) => timings[name])).toFixed(2)}`,
    );
    return `${kind}: ${each.join(', ')}`;
  });
  const best = (kind, where) => {
    const peers = rows.filter((row) => row.kind === kind && row.name.startsWith(where));
    return peers.length === 0
      ? undefined
      : Math.min(...peers.map((row) => ratio(row, oursOf(row)))).toFixed(2);
  };
  const bound = (peer, where, least) => {
    const reached = KINDS.map((kind) => best(kind, where));
    return reached.includes(undefined)
      ? []
      : [[`${title}: ${peer} ÷ Hayate, from a VideoFrame, an ImageBitmap`, least, reached.join(', ')]];
  };
  return {
    bounds: [
      ...bound('plain on the page', 'plain, on the page', `at least ${asked}`),
      ...bound('plain in a worker', 'plain, in a worker', `at least ${asked}`),
      ...bound('MediaPipe', 'MediaPipe', '—'),
    ],
    lines: [
      `**${title}, 1920×1080**, ${rounds} rounds; all times in ms, all but the spread medians`,
      '',
      ...table(Object.keys(COLUMNS), cells, 2),
      '',
      `Hayate’s own stages: ${stages.join('; ')}.`,
      '',
    ],
  };
}
