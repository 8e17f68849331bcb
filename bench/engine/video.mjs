import { median, percentile } from '../figures.mjs';
import { table } from './table.mjs';

/** Plays 30 frames a second to a model that is too slow for them. */
export async function measureVideo({ open }, seconds) {
  const page = await open('video', 'video');
  await page.evaluate(() => globalThis.video.prepare());
  const played = await page.evaluate((length) => globalThis.video.play(length), seconds);
  await page.context().close();
  return report(played, seconds);
}

function report(played, seconds) {
  const { given, failed, dropped, latencyMs, ownMs, ratios, mostWaiting, longTasks } = played;
  const share = (values, at) => percentile(values, at).toFixed(1);
  const ratio = (at) => (percentile(latencyMs, at) / percentile(ownMs, at)).toFixed(2);
  const rows = [
    ['frames given', given, ''],
    ['answered', latencyMs.length, ''],
    ['dropped for a newer one', dropped, ''],
    ['failed', failed, '0'],
    ['most that waited at any moment', mostWaiting, 'at most 1'],
    ['a run’s own time, ms: median, p95', `${share(ownMs, 0.5)}, ${share(ownMs, 0.95)}`, ''],
    ['from frame to answer, ms: median, p95', `${share(latencyMs, 0.5)}, ${share(latencyMs, 0.95)}`, ''],
    ['the one ÷ the other: medians, p95s', `${ratio(0.5)}, ${ratio(0.95)}`, 'at most 2'],
    [
      'of each frame by itself: median, p95',
      `${percentile(ratios, 0.5).toFixed(2)}, ${percentile(ratios, 0.95).toFixed(2)}`,
      '',
    ],
    ['tasks over 50 ms on the page’s thread', longTasks.length, '0'],
    ['the longest of them, ms', longTasks.length ? Math.max(...longTasks).toFixed(1) : 'none', ''],
    ['frames made on the page, left open there', `${played.made}, ${played.openInPage}`, 'none open'],
    [
      'frames that came to the worker, left open there',
      `${played.receivedByWorker}, ${played.openInWorker}`,
      'none open',
    ],
    ['making a frame, ms: median, p95', `${share(played.makeMs, 0.5)}, ${share(played.makeMs, 0.95)}`, ''],
    ['handing over a frame, in the call itself, ms: median', median(played.callMs).toFixed(3), ''],
  ];
  return [
    `**${seconds} s of video, 1280×720 I420, 30 frames a second, \`latest\`, given away**`,
    '',
    ...table(['', 'reached', 'asked'], rows),
    '',
    'The model is made up: it takes longer than a frame lasts. Its own time is a run’s total without the wait in the queue. The worker also counts the frames of a second that warms up.',
    '',
  ];
}
