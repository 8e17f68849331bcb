import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import * as ort from 'onnxruntime-web/wasm';
import type { Contender } from './contender';

/** What people write by hand: a canvas, a loop and ONNX Runtime Web, on the page's thread. */
export async function plainOnnxruntime(): Promise<Contender> {
  ort.env.wasm.numThreads = 1;
  const labels = (await (await fetch(efficientnetLite0.files['labels']!.url)).json()) as string[];
  const bytes = new Uint8Array(await (await fetch(efficientnetLite0.files['model']!.url)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, {
    extra: { session: { disable_quant_qdq: '1' } },
  });
  return {
    name: 'plain onnxruntime-web',
    async run(photo) {
      const scale = 256 / Math.min(photo.width, photo.height);
      const [width, height] = [photo.width * scale, photo.height * scale];
      const canvas = new OffscreenCanvas(224, 224);
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(photo, (224 - width) / 2, (224 - height) / 2, width, height);
      const { data } = context.getImageData(0, 0, 224, 224);
      const input = new Float32Array(3 * 224 * 224);
      for (let pixel = 0; pixel < 224 * 224; pixel += 1) {
        for (let channel = 0; channel < 3; channel += 1) {
          input[channel * 224 * 224 + pixel] = (data[pixel * 4 + channel]! / 255 - 0.498) / 0.502;
        }
      }
      const start = performance.now();
      const { logits } = await session.run({ input: new ort.Tensor('float32', input, [1, 3, 224, 224]) });
      const inference = performance.now() - start;
      const scores = logits!.data as Float32Array;
      const order = [...scores.keys()].sort((left, right) => scores[right]! - scores[left]!);
      return { labels: order.slice(0, 5).map((index) => labels[index]!), stages: { inference } };
    },
  };
}
