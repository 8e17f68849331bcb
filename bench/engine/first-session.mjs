import { median, percentile } from '../figures.mjs';
import { table } from './table.mjs';

const WARM_UP = 2;
const NAMES = { hayate: 'Hayate’s `loadSession`', plain: 'onnxruntime-web' };

/** The first session of a new worker, by `loadSession` and by ONNX Runtime Web alone; all files in memory before. */
export async function measureFirstSession({ open }, rounds) {
  const page = await open('sessions', 'sessions');
  await page.evaluate(() => globalThis.sessions.prepare());
  const times = { hayate: [], plain: [] };
  const scores = {};
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const names = Object.keys(NAMES);
    for (const name of round % 2 ? names : names.reverse()) {
      const first = await page.evaluate((which) => globalThis.sessions.first(which), name);
      if (round >= 0) times[name].push(first.ms);
      scores[name] = Object.values(first.scores);
    }
  }
  await page.context().close();
  return report(times, scores, rounds);
}

function report(times, scores, rounds) {
  const base = median(times.plain);
  const rows = Object.entries(NAMES).map(([name, title]) => [
    title,
    `${median(times[name]).toFixed(0)} (${percentile(times[name], 0.1).toFixed(0)} to ${percentile(times[name], 0.9).toFixed(0)})`,
    (median(times[name]) / base).toFixed(2),
    scores[name].indexOf(Math.max(...scores[name])),
  ]);
  const apart = Math.max(...scores.hayate.map((score, at) => Math.abs(score - scores.plain[at])));
  return [
    `**The first session of a new worker**, ${rounds} rounds`,
    '',
    ...table(['', 'ms: median (p10 to p90)', '÷ onnxruntime-web', 'best label’s place'], rows),
    '',
    `Asked: at most 1.10. The same build and options, its file and the model in memory before; its script comes within the time of both. The logits are ${apart} apart.`,
    '',
  ];
}
