import { table } from '../engine/table.mjs';
import { taskClock } from '../engine/task-clock.mjs';
import { traceRuns } from '../engine/trace.mjs';
import { median, percentile } from '../figures.mjs';

const PASSES = 4;
const TRACED_SECONDS = 5;
const TITLES = { blazeface: 'BlazeFace', efficientnetLite0: 'EfficientNet-Lite0', centernet: 'CenterNet' };

/** Streams a video of 30 frames a second into each shipped model, in turn, `seconds` in all. */
export async function measureLive({ browser, open }, seconds) {
  const page = await open('live');
  const names = await page.evaluate(() => globalThis.live.prepare());
  const play = (name, length) => page.evaluate((args) => globalThis.live.play(...args), [name, length]);
  const clock = await taskClock(page);
  const rows = [...names, 'nothing'].map((name) => ({
    name,
    plays: /** @type {any[]} */ ([]),
    taskMs: 0,
    /** @type {unknown} */
    traced: undefined,
  }));
  for (const { name } of rows) await play(name, 1);
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const row of rows) {
      const before = await clock();
      row.plays.push(await play(row.name, seconds / PASSES));
      row.taskMs += (await clock()) - before;
    }
  }
  for (const row of rows.filter(({ name }) => name in TITLES)) {
    row.traced = await traceRuns(browser, page, () => play(row.name, TRACED_SECONDS));
  }
  await page.context().close();
  return report(rows, seconds);
}

function report(rows, seconds) {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const cells = rows.map(({ name, plays, taskMs, traced }) => {
    const elapsed = sum(plays.map(({ elapsedMs }) => elapsedMs)) / 1000;
    const shown = sum(plays.map((play) => play.shown));
    const results = plays.flatMap((play) => play.results);
    const all = (key) => results.map((result) => result[key]);
    const stats = (key) => sum(plays.map((play) => play.stats[key]));
    const perSecond = [(shown / elapsed).toFixed(1), (taskMs / elapsed).toFixed(1)];
    const longTasks = plays.flatMap((play) => play.longTasks).length;
    if (results.length === 0) {
      return ['nothing, the video alone', perSecond[0], '', '', '', '', '', perSecond[1], '', '', longTasks];
    }
    if (stats('failed') > 0) throw new Error(`${stats('failed')} frames failed with ${name}.`);
    return [
      TITLES[name],
      perSecond[0],
      (results.length / elapsed).toFixed(1),
      `${((stats('dropped') / stats('received')) * 100).toFixed(1)} %`,
      median(all('latencyMs')).toFixed(1),
      percentile(all('latencyMs'), 0.95).toFixed(1),
      median(all('ownMs')).toFixed(1),
      perSecond[1],
      median(traced.taskMs).toFixed(2),
      median(traced.cpuMs).toFixed(2),
      longTasks,
    ];
  });
  const head = [
    'into',
    'frames shown a second',
    'results a second',
    'dropped',
    'latency, ms: median',
    'p95',
    'a run’s own time',
    'page’s thread, ms in a second',
    'per result, median',
    'of it on a processor',
    'tasks over 50 ms',
  ];
  return {
    bounds: [],
    lines: [
      `**Live**: \`samples/live.webm\`, 640×480, 30 frames a second, ${seconds} s into each model by turns`,
      '',
      ...table(head, cells),
      '',
      `Latency is from a frame’s arrival on the page to its result there. The page’s thread also plays the video; per result, and on a processor, from a trace of ${TRACED_SECONDS} further seconds.`,
      '',
    ],
  };
}
