import { loadVision } from '../../packages/core-wasm/src/vision.ts';
// The package's own, which it does not export.
import { readImage } from '../../packages/vision/src/worker/read-image.ts';
import { timeRound } from '../kernels/contender.mjs';
import { makePicture, mean, source, std, toPlanes } from '../kernels/picture.mjs';
import { levelsOfTensor } from '../kernels/tensor.mjs';

const fits = {
  'shorter side 256 and crop': {
    kind: 'shorter-side-crop',
    shorterSide: 256,
    crop: { width: 224, height: 224 },
  },
  stretched: { kind: 'stretch', width: 224, height: 224 },
};
let contenders;

/** What the page can do for `bench/frames.mjs`. */
globalThis.framesBench = {
  async prepare() {
    const { imagePlan } = await loadVision();
    const pixels = makePicture();
    contenders = ['I420', 'NV12'].flatMap((format) =>
      Object.entries(fits).flatMap(([fit, spec]) =>
        [true, false].map((ours) => contender(imagePlan, pixels, format, fit, spec, ours)),
      ),
    );
    return contenders.map(({ group, name, ours }) => ({ group, name, ours }));
  },
  round: (number) => timeRound(contenders, number),
  levels: (place) => contenders[place].levels(),
};

function contender(imagePlan, pixels, format, fit, spec, ours) {
  const frame = new VideoFrame(toPlanes(pixels, source, format === 'NV12'), {
    ...{ format, codedWidth: source.width, codedHeight: source.height, timestamp: 0 },
    // A range that is not told leaves the conversion to Chromium, which takes it for limited.
    colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', ...(ours && { fullRange: false }) },
  });
  const plan = imagePlan({ fit: spec, filter: 'bicubic', layout: 'nchw', mean, std });
  const { signal } = new AbortController();
  const run = async () => {
    await readImage(frame, plan, undefined, signal);
    return plan.run();
  };
  return {
    group: `VideoFrame of ${format}, bicubic, ${fit}`,
    name: ours ? 'the planes as they are' : 'converted by the browser',
    ours,
    run,
    levels: async () => levelsOfTensor(await run()),
  };
}
