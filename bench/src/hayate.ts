import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { connectEngine } from '@hayate/worker';
import type { Contender } from './contender';

/** This engine: in a worker, one thread. */
export async function hayate(): Promise<Contender<ImageBitmap | Blob>> {
  const spawn = () => new Worker(new URL('./inference.worker.ts', import.meta.url), { type: 'module' });
  const engine = connectEngine(spawn, { backends: ['wasm'], threads: 1 });
  const loaded = await engine.load(imageClassification, { model });
  return {
    name: 'hayate',
    async run(photo) {
      const { output, timings } = await loaded.run(photo);
      return { labels: output.map(({ label }) => label), stages: timings };
    },
  };
}
