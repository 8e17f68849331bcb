import { mean, source, std, target } from './picture.mjs';
import { levelsOfTensor } from './tensor.mjs';

/** The plan that all of Hayate's rows run. */
export const stretchPlan = (kernels, filter) =>
  kernels.imagePlan({ fit: { kind: 'stretch', ...target }, filter, layout: 'nchw', mean, std });

/** Hayate: resize exact to Pillow and normalise, from pixels that already lie in the plan's input. */
export const hayate = (kernels, pixels) =>
  rows(kernels, pixels).map((row) => ({ ...row, name: 'Hayate, to the tensor', ours: true }));

/** The same by the build for engines without SIMD. */
export const withoutSimd = (scalar, pixels) =>
  rows(scalar, pixels).map((row) => ({ ...row, name: 'Hayate without SIMD, to the tensor' }));

function rows(kernels, pixels) {
  return ['bilinear', 'bicubic'].map((group) => {
    const plan = stretchPlan(kernels, group);
    plan.input(source.width, source.height, 'rgba').set(pixels);
    return { group, run: () => plan.run(), levels: () => levelsOfTensor(plan.run()) };
  });
}
