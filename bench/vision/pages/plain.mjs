import * as ort from 'onnxruntime-web/wasm';
import { open2d } from '../../kernels/open-2d.mjs';
import { recipes } from './recipes.mjs';

/**
 * A canvas, ONNX Runtime Web and JavaScript, on whatever thread this is. Nothing is made anew that can be kept:
 * canvas and tensor are those of the run before. `canvas` are the options of its context.
 */
export async function loadPlain(which, modelUrl, canvas) {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const recipe = recipes[which];
  const { size, fill, input, dims } = recipe;
  const bytes = new Uint8Array(await (await fetch(modelUrl)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    extra: { session: { disable_quant_qdq: '1' } },
  });
  const context = open2d(size, size, { alpha: false, willReadFrequently: false, ...canvas });
  const floats = new Float32Array(size * size * 3);
  const tensor = new ort.Tensor('float32', floats, dims);

  return {
    /** Takes the picture, and closes it. */
    async run(picture) {
      const start = performance.now();
      const [width, height] = [
        picture.displayWidth ?? picture.width,
        picture.displayHeight ?? picture.height,
      ];
      const place = recipe.place(width, height);
      if (fill !== undefined) {
        context.fillStyle = fill;
        context.fillRect(0, 0, size, size);
      }
      context.drawImage(picture, place.x, place.y, place.width, place.height);
      picture.close();
      recipe.toTensor(context.getImageData(0, 0, size, size).data, floats);
      const fed = performance.now();
      const outputs = await session.run({ [input]: tensor });
      const inferred = performance.now();
      const [scaleX, scaleY] = [width / place.width, height / place.height];
      const clip = (value, most) => (which === 'blazeface' ? value : Math.min(Math.max(value, 0), most));
      const x = (value) => clip((value - place.x) * scaleX, width);
      const y = (value) => clip((value - place.y) * scaleY, height);
      const found = recipe.read(outputs).map(({ score, index, box: [left, top, right, bottom], points }) => ({
        ...{ score, index, box: [x(left), y(top), x(right), y(bottom)] },
        ...(points && { points: points.map((value, at) => (at % 2 === 0 ? x(value) : y(value))) }),
      }));
      const end = performance.now();
      return { found, stages: { picture: fed - start, inference: inferred - fed, outputs: end - inferred } };
    },
  };
}
