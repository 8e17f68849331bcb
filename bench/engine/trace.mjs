const CATEGORIES = ['blink.user_timing', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/**
 * The time that the tasks of a page's thread took in each run of `work`, whatever they did, and the processor's part of
 * it: a thread may be made to wait within a task. Beside it, what the handling of a worker's messages took. In
 * milliseconds. `work` marks the start of each run by `run`, and the end of the last by `end`.
 */
export async function traceRuns(browser, page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const marks = traceEvents.filter(
    ({ cat, name }) => cat.includes('blink.user_timing') && /^(run|end)$/.test(name),
  );
  const [{ pid, tid }] = marks;
  const onThread = (wanted) =>
    traceEvents.filter(
      ({ name, ...event }) => name === wanted && event.pid === pid && event.tid === tid && event.dur > 0,
    );
  const tasks = onThread('RunTask');
  const messages = onThread('HandlePostMessage');
  const times = marks.map(({ ts }) => ts).sort((one, other) => one - other);
  const each = (events) => times.slice(1).map((end, at) => spent(events, times[at], end));
  const runs = each(tasks);
  const longest = Math.max(...tasks.filter(({ ts, dur }) => ts + dur > times[0]).map(({ dur }) => dur));
  return {
    taskMs: runs.map(({ wall }) => wall / 1000),
    cpuMs: runs.map(({ cpu }) => cpu / 1000),
    messageMs: each(messages).map(({ wall }) => wall / 1000),
    longestMs: longest / 1000,
  };
}

/** The events' part between two moments, in microseconds; a task may go on from one run to the next. */
function spent(events, start, end) {
  let [wall, cpu] = [0, 0];
  for (const { ts, dur, tdur = dur } of events) {
    const part = Math.max(0, Math.min(end, ts + dur) - Math.max(start, ts));
    wall += part;
    cpu += (part * tdur) / dur;
  }
  return { wall, cpu };
}
