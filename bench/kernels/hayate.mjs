import { mean, source, std, target } from './picture.mjs';
import { levelsOfTensor } from './tensor.mjs';

/** The plan that all of Hayate's rows run. */
export const stretchPlan = (kernels, filter) =>
  kernels.imagePlan({ fit: { kind: 'stretch', ...target }, filter, layout: 'nchw', mean, std });

/** Hayate: resize exact to Pillow and normalise, from pixels that already lie in the plan's input. */
export function hayate(kernels, pixels) {
  return ['bilinear', 'bicubic'].map((filter) => {
    const plan = stretchPlan(kernels, filter);
    plan.input(source.width, source.height, 'rgba').set(pixels);
    return {
      group: filter,
      name: 'Hayate, to the tensor',
      ours: true,
      run: () => plan.run(),
      levels: () => levelsOfTensor(plan.run()),
    };
  });
}
