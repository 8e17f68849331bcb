import { median, percentile } from '../figures.mjs';
import { checkSame } from './agree.mjs';
import { table } from './table.mjs';
import { taskClock } from './task-clock.mjs';
import { traceRuns } from './trace.mjs';

const CHUNKS = 10;
const TRACED = 200;
const WARM_UP = 10;
const IDLE_MS = 3000;

/** Classifies in a row by Hayate and by transformers.js, in turn, and tells what became of the page's thread. */
export async function measurePageThread({ browser, open }, runs) {
  /** @type {{ name: string, page: import('playwright-core').Page, taskMs?: () => Promise<number> }[]} */
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
      callMs: /** @type {number[]} */ ([]),
      longTasks: /** @type {number[]} */ ([]),
      label: '',
      /** @type {unknown} */
      traced: undefined,
      clock: /** @type {() => Promise<number>} */ (contender.taskMs),
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

/** What the tasks of a page that does nothing take in a second. */
async function idleMs({ page, taskMs = () => Promise.resolve(0) }) {
  const before = await taskMs();
  await page.waitForTimeout(IDLE_MS);
  return ((await taskMs()) - before) / (IDLE_MS / 1000);
}

const fixed = (digits) => (value) => value.toFixed(digits);

/** The columns: a title, and what stands in it for a row and Hayate's row of the same kind. */
const COLUMNS = {
  '': ({ name }) => name,
  from: ({ kind }) => kind,
  'tasks over 50 ms': ({ longTasks }) => longTasks.length,
  'longest task, ms': ({ longTasks, traced }) => fixed(1)(Math.max(traced.longestMs, ...longTasks)),
  'per run, ms: mean': ({ taskMs, runs }) => fixed(2)(taskMs / runs),
  median: ({ traced }) => fixed(2)(median(traced.taskMs)),
  p95: ({ traced }) => fixed(2)(percentile(traced.taskMs, 0.95)),
  'processor, median': ({ traced }) => fixed(2)(median(traced.cpuMs)),
  'mean ÷ Hayate': (row, ours) => fixed(1)(row.taskMs / ours.taskMs),
  'in the call, median': ({ callMs }) => fixed(3)(median(callMs)),
  'in the answer’s message, median': ({ traced }) => fixed(3)(median(traced.messageMs)),
  'best label': ({ label }) => label,
};

function report(rows, runs, idle) {
  checkSame(
    'The best label',
    rows.map(({ label }) => label),
  );
  const ours = rows.filter(({ name }) => name === 'Hayate');
  const cells = rows.map((row) =>
    Object.values(COLUMNS).map((cell) =>
      cell(
        row,
        ours.find(({ kind }) => kind === row.kind),
      ),
    ),
  );
  const most = (of) => Math.max(...ours.map(of));
  return {
    bounds: [
      [
        `tasks over 50 ms on the page’s thread, of ${runs} runs`,
        '0',
        most(({ longTasks }) => longTasks.length),
      ],
      [
        'the page’s thread per run, median',
        'at most 1 ms',
        `${fixed(2)(most(({ traced }) => median(traced.taskMs)))} ms`,
      ],
    ],
    lines: [
      `**${runs} classifications, each awaited**: what they leave of the page’s thread`,
      '',
      ...table(Object.keys(COLUMNS), cells, 2),
      '',
      `Mean: all tasks of the thread, whatever they did, over the whole batch, by Chromium’s own count. Median, p95 and the time on a processor: from a trace of ${Math.min(runs, TRACED)} further runs. The longest task is that of both. A page that does nothing has tasks of ${idle.toFixed(2)} ms in a second.`,
      '',
    ],
  };
}
