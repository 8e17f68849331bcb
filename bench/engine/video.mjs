import { percentile } from '../figures.mjs';
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
  if (given !== latencyMs.length + dropped + failed) throw new Error('Some frames have vanished.');
  const both = (values, digits = 1) =>
    [0.5, 0.95].map((share) => percentile(values, share).toFixed(digits)).join(', ');
  const ratio = (share) => (percentile(latencyMs, share) / percentile(ownMs, share)).toFixed(2);
  const rows = [
    [
      'frames given, answered, dropped for a newer one, failed',
      [given, latencyMs.length, dropped, failed].join(', '),
    ],
    ['a run’s own time, ms: median, p95', both(ownMs)],
    ['from frame to answer, ms: median, p95', both(latencyMs)],
    ['the one ÷ the other, of each frame by itself: median, p95', both(ratios, 2)],
    ['tasks over 50 ms, ms', longTasks.map((ms) => ms.toFixed(0)).join(', ') || 'none'],
    ['frames made on the page, left open there', `${played.made}, ${played.openInPage}`],
    ['frames that came to the worker, left open there', `${played.receivedByWorker}, ${played.openInWorker}`],
    ['making a frame, ms: median, p95', both(played.makeMs, 3)],
    ['handing it over, in the call, ms: median, p95', both(played.callMs, 3)],
  ];
  return {
    bounds: [
      ['video: most frames that waited at any moment', 'at most 1', mostWaiting],
      [
        'video: from frame to answer ÷ a run’s own time: medians, p95s',
        'at most 2',
        `${ratio(0.5)}, ${ratio(0.95)}`,
      ],
      [
        'video: frames left open, on the page and in the worker',
        '0',
        played.openInPage + played.openInWorker,
      ],
      ['video: tasks over 50 ms on the page’s thread', '0', longTasks.length],
    ],
    lines: [
      `**${seconds} s of video**: 1280×720 I420, 30 frames a second, \`latest\`, given away, to a model that takes longer than a frame lasts`,
      '',
      ...table(['', ''], rows),
      '',
      'A run’s own time is its total without the wait in the queue. The worker counts the frames of a second before as well.',
      '',
    ],
  };
}
