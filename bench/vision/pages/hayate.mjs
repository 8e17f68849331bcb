import { connectEngine } from '@hayate/worker';

/** An engine in a worker of its own, on the CPU with one thread. */
export function startEngine() {
  const spawn = () => new Worker(new URL('./hayate.worker.mjs', import.meta.url), { type: 'module' });
  return connectEngine(spawn, { backends: ['wasm'], threads: 1 });
}

/** Hayate as a contender. Pictures are given away to it. */
export async function loadHayate(contract, model) {
  const loaded = await startEngine().load(contract, { model });
  return {
    async run(picture) {
      const { output, timings } = await loaded.run(picture, {}, { transfer: true });
      const found = output.map(({ score, index = 0, box: { x, y, width, height }, keypoints }) => ({
        ...{ score, index, box: [x, y, x + width, y + height] },
        ...(keypoints && { points: keypoints.flatMap((point) => [point.x, point.y]) }),
      }));
      const { decode, copy, preprocess, inference, postprocess } = timings;
      const stages = { picture: decode + copy + preprocess, inference, outputs: postprocess };
      return { found, stages, timings };
    },
  };
}
