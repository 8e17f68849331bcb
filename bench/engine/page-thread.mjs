import { median, percentile } from '../figures.mjs';
import { table } from './table.mjs';
import { traceRuns } from './trace.mjs';

const CHUNKS = 10;
const TRACED = 200;
const WARM_UP = 10;
const IDLE_MS = 3000;

/** Classifies in a row by Hayate and by transformers.js, in turn, and tells what became of the page's thread. */
export async function measurePageThread({ browser, open }, runs) {
  const contenders = [
    { name: 'Hayate', page: await open('hayate', 'contender') },
    { name: 'transformers.js', page: await open('transformers-js', 'contender') },
  ];
  for (const contender of contenders) {
    await contender.page.evaluate(() => globalThis.contender.start());
    contender.taskMs = await taskClock(contender.page);
  }
  const rows = ['ImageBitmap', 'Blob'].flatMap((kind) =>
    contenders.map((contender) => ({
      ...contender,
      kind,
      taskMs: 0,
      runs: 0,
      callMs: [],
      longTasks: [],
      clock: contender.taskMs,
    })),
  );
  for (const row of rows) await classify(row, WARM_UP);
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    for (const row of rows) {
      const count = Math.floor((runs * (chunk + 1)) / CHUNKS) - row.runs;
      const before = await row.clock();
      const { callMs, longTasks, label } = await classify(row, count);
      row.taskMs += (await row.clock()) - before;
      row.runs += count;
      row.callMs.push(...callMs);
      row.longTasks.push(...longTasks);
      row.label = label;
    }
  }
  for (const row of rows) {
    row.traced = await traceRuns(browser, row.page, () => classify(row, Math.min(runs, TRACED), true));
  }
  const idle = await idleMs(contenders[0]);
  for (const { page } of contenders) await page.context().close();
  return report(rows, runs, idle);
}

function classify({ page, kind }, runs, marked = false) {
  return page.evaluate((args) => globalThis.contender.classify(...args), [kind, runs, marked]);
}

/** Reads how long the tasks of a page's thread have taken so far, in milliseconds. */
async function taskClock(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
}

/** What the tasks of a page that does nothing take in a second. */
async function idleMs({ page, taskMs }) {
  const before = await taskMs();
  await page.waitForTimeout(IDLE_MS);
  return ((await taskMs()) - before) / (IDLE_MS / 1000);
}

function report(rows, runs, idle) {
  const ours = (kind) => rows.find((row) => row.kind === kind);
  const head = [
    '',
    'from',
    'tasks over 50 ms',
    'the longest, ms',
    'page’s thread per run, ms',
    'median',
    'p95',
    'of it CPU, median',
    '÷ Hayate (mean)',
    'in the call itself, median',
    'best label',
  ];
  const cells = rows.map(({ name, kind, longTasks, taskMs, traced, callMs, label }) => [
    name,
    kind,
    longTasks.length,
    Math.max(traced.longestMs, ...longTasks).toFixed(1),
    (taskMs / runs).toFixed(2),
    median(traced.taskMs).toFixed(2),
    percentile(traced.taskMs, 0.95).toFixed(2),
    median(traced.cpuMs).toFixed(2),
    (taskMs / ours(kind).taskMs).toFixed(1),
    median(callMs).toFixed(3),
    label,
  ]);
  return [
    `**${runs} classifications in a row**`,
    '',
    ...table(head, cells, 2),
    '',
    `Asked of Hayate: no task over 50 ms, and a page-side cost of at most 1 ms per run (median). Per run: all tasks of the page’s thread, whatever they did, over the whole batch; their median and p95 from a trace of ${Math.min(runs, TRACED)} further runs, and the longest task of both. A page that does nothing has tasks of ${idle.toFixed(2)} ms in a second.`,
    '',
  ];
}
