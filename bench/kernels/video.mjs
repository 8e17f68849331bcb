import { stretchPlan } from './hayate.mjs';
import { open2d } from './open-2d.mjs';
import { source, toPlanes } from './picture.mjs';
import { levelsOfTensor } from './tensor.mjs';

const { width, height } = source;
/** @type {VideoColorSpaceInit} */
const colorSpace = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false };

/** The ways from a video frame in memory to the tensor, all with the same kernels, bilinear. */
export function video(kernels, pixels) {
  const frames = {
    RGBA: makeFrame('RGBA', pixels),
    I420: makeFrame('I420', toPlanes(pixels, source, false)),
    NV12: makeFrame('NV12', toPlanes(pixels, source, true)),
  };
  return Object.entries(frames).flatMap(([format, frame]) => {
    /** @type {Omit<import('./contender.mjs').Contender, 'group'>[]} */
    const rows = [rgba(kernels, frame), canvas(kernels, frame)];
    if (format !== 'RGBA') rows.unshift(native(kernels, frame, format));
    // The others are divided by the first that can be measured.
    const first = rows.find(({ run }) => run !== undefined);
    return rows.map((row) => ({
      ...row,
      ours: row === first,
      group: `VideoFrame of ${format}, bilinear, to the tensor`,
    }));
  });
}

const makeFrame = (format, data) =>
  new VideoFrame(data, {
    ...{ format, codedWidth: width, codedHeight: height, timestamp: 0 },
    ...(format === 'RGBA' ? {} : { colorSpace }),
  });

/** A row whose `fill` brings the frame into the plan's input. */
function row(name, plan, fill) {
  const run = async () => {
    await fill();
    return plan.run();
  };
  return { name, run, levels: async () => levelsOfTensor(await run()) };
}

function rgba(kernels, frame) {
  const plan = stretchPlan(kernels, 'bilinear');
  return row('copyTo as RGBA into wasm memory', plan, () =>
    frame.copyTo(plan.input(width, height, 'rgba'), { format: 'RGBA' }),
  );
}

function native(kernels, frame, format) {
  const name = `copyTo of the ${format} planes into wasm memory`;
  const plan = stretchPlan(kernels, 'bilinear');
  try {
    plan.input(width, height, format.toLowerCase());
  } catch {
    return { name, missing: 'the kernels do not take this format yet' };
  }
  return row(name, plan, () => frame.copyTo(plan.input(width, height, format.toLowerCase())));
}

function canvas(kernels, frame) {
  const plan = stretchPlan(kernels, 'bilinear');
  const context = open2d(width, height);
  return row('drawImage, getImageData, set', plan, () => {
    context.drawImage(frame, 0, 0);
    plan.input(width, height, 'rgba').set(context.getImageData(0, 0, width, height).data);
  });
}
