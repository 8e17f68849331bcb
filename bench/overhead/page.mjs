import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { connectEngine } from '@hayate/worker';
import { imageClassification } from 'vision:tasks/image-classification';

const RUNS = 10;

let photo;
let bitmap;
let one;
let eight;

async function load(maxBatch) {
  const engine = connectEngine(
    () => new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' }),
    { backends: ['wasm'], threads: 1, queue: { maxBatch } },
  );
  return engine.load(imageClassification, { model });
}

/** Runs once; the time from the call to the result that the session's own run does not explain. */
async function above(loaded, inputs, control) {
  const start = performance.now();
  const results = await Promise.all(inputs.map((input) => loaded.run(input, {}, control)));
  return performance.now() - start - results[0].timings.inference;
}

globalThis.overhead = {
  async start() {
    photo = await (await fetch('chelsea.jpg')).blob();
    bitmap = await createImageBitmap(photo);
    [one, eight] = [await load(1), await load(8)];
    for (const kind of ['photo', 'frame', 'batch of 8']) await globalThis.overhead.measure(kind);
  },

  async measure(kind) {
    const list = [];
    for (let run = 0; run < (kind === 'batch of 8' ? 1 : RUNS); run += 1) {
      if (kind === 'photo') list.push(await above(one, [photo]));
      if (kind === 'frame') {
        const frame = new VideoFrame(bitmap, { timestamp: run });
        list.push(await above(one, [frame], { transfer: true }));
      }
      if (kind === 'batch of 8') list.push(await above(eight, Array(8).fill(bitmap)));
    }
    return list;
  },
};
