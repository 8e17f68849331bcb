import { env, pipeline, Tensor } from '@huggingface/transformers';
import type { Contender } from './contender';

interface RawSession {
  run(feeds: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/**
 * transformers.js as it is usually used: on the page's thread; here with one thread and the same model. It keeps the
 * files of its ONNX Runtime only where it is told their addresses, not their folder.
 */
export async function transformersJs(
  ort: string | { readonly mjs: string; readonly wasm: string },
  keepFiles = false,
): Promise<Contender<ImageBitmap | Blob>> {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = keepFiles;
  env.backends.onnx.wasm!.numThreads = 1;
  env.backends.onnx.wasm!.wasmPaths = ort;
  const classify = await pipeline('image-classification', 'efficientnet-lite0', {
    device: 'wasm',
    dtype: 'fp32',
  });
  // The graph's input has another name than transformers.js asks for; its own session is run all the same.
  const model = classify.model as unknown as {
    sessions: { model: RawSession };
    _call(inputs: { pixel_values: { ort_tensor: unknown } }): Promise<unknown>;
  };
  model._call = async ({ pixel_values }) => {
    const { logits } = await model.sessions.model.run({ input: pixel_values.ort_tensor });
    return { logits: new Tensor(logits as never) };
  };
  return {
    name: 'transformers.js',
    async run(photo) {
      const input = photo instanceof Blob ? photo : draw(photo);
      const output = (await classify(input as never, { top_k: 5 })) as { label: string }[];
      return { labels: output.map(({ label }) => label) };
    },
  };
}

function draw(photo: ImageBitmap): OffscreenCanvas {
  const canvas = new OffscreenCanvas(photo.width, photo.height);
  canvas.getContext('2d')!.drawImage(photo, 0, 0);
  return canvas;
}
