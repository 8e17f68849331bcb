import { hayate } from './hayate';
import { makePhoto } from './photo';
import { plainOnnxruntime } from './plain-onnxruntime';
import { transformersJs } from './transformers-js';

/** One contender's figures; times in milliseconds. */
export interface Figures {
  readonly name: string;
  readonly labels: readonly string[];
  readonly times: readonly number[];
  /** Of each stage the contender tells, its time in each round. */
  readonly stages: Readonly<Record<string, readonly number[]>>;
}

/** Runs all contenders in turn, `rounds` times after warming up, from the same 1920×1080 bitmap. */
async function bench(photoUrl: string, ortPath: string, rounds: number): Promise<readonly Figures[]> {
  const { bitmap: photo } = await makePhoto(photoUrl);
  const contenders = [await hayate(), await transformersJs(ortPath), await plainOnnxruntime()];
  const figures = contenders.map(({ name }) => ({
    name,
    labels: [] as readonly string[],
    times: [] as number[],
    stages: {} as Record<string, number[]>,
  }));
  for (let round = -5; round < rounds; round += 1) {
    for (const [place, contender] of contenders.entries()) {
      const start = performance.now();
      const { labels, stages } = await contender.run(photo);
      const time = performance.now() - start;
      const figure = figures[place]!;
      figure.labels = labels;
      if (round < 0) continue;
      figure.times.push(time);
      for (const [stage, ms] of Object.entries(stages ?? {})) (figure.stages[stage] ??= []).push(ms);
    }
  }
  return figures;
}

Object.assign(globalThis, { bench });
