import { median, percentile } from '../figures.mjs';
import { checkSame } from './agree.mjs';
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
  const best = (name) => scores[name].indexOf(Math.max(...scores[name]));
  checkSame('The best label', Object.keys(NAMES).map(best));
  const ratio = (name) => (median(times[name]) / median(times.plain)).toFixed(2);
  const rows = Object.entries(NAMES).map(([name, title]) => [
    title,
    ...[median(times[name]), percentile(times[name], 0.1), percentile(times[name], 0.9)].map((ms) =>
      ms.toFixed(0),
    ),
    ratio(name),
  ]);
  const apart = Math.max(...scores.hayate.map((score, at) => Math.abs(score - scores.plain[at])));
  return {
    bounds: [['first session, `loadSession` ÷ onnxruntime-web', 'at most 1.1', ratio('hayate')]],
    lines: [
      `**The first session of a new worker**, ${rounds} rounds: the same build and options, its file and the model in memory before`,
      '',
      ...table(['', 'median ms', 'p10', 'p90', '÷ onnxruntime-web'], rows),
      '',
      `ONNX Runtime’s script comes within the time of both. Their logits are ${apart} apart.`,
      '',
    ],
  };
}
