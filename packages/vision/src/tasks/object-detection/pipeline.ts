import {
  badOption,
  checkCountOption,
  checkShareOption,
  definePipeline,
  readLabels,
  readOutputLayout,
} from '@hayate/core';
import type { PixelRegion } from '@hayate/core-wasm/vision';
import type { SeenImage } from '../../worker/image-input';
import { loadImageModel } from '../../worker/load-image-model';
import { unfitModel } from '../../worker/unfit-model';
import { objectDetection } from './contract';
import { LAYOUTS } from './layouts';

const badModel = unfitModel('detect objects');

/** The largest number of boxes that the kernels accept. */
const MOST_DETECTIONS = 30_000;

/**
 * Picture → plan → session → boxes decoded and suppressed → boxes in the picture's pixels. The manifest's
 * `output.layout` is `yolov8`, `yolox`, `nanodet`, `centernet` or `detr`; `output.parameters` may have the model's
 * defaults of `scoreThreshold` and `iouThreshold`.
 */
export const objectDetectionPipeline = definePipeline(objectDetection, {
  async load(context) {
    const { output } = context.manifest;
    const layout = readOutputLayout(output, Object.keys(LAYOUTS), badModel);
    const [model, labels] = await Promise.all([
      loadImageModel(context, badModel),
      readLabels(context, badModel),
    ]);
    const makeReader = LAYOUTS[layout.layout] as NonNullable<(typeof LAYOUTS)[string]>;
    const classCount = labels.length;
    const reader = makeReader({ model, name: output.name, layout, classCount, refuse: badModel });
    const scoreDefault = layout.number('scoreThreshold') ?? reader.defaults.scoreThreshold;
    const iouDefault = layout.number('iouThreshold') ?? reader.defaults.iouThreshold;

    /** The indices of the given labels. Several classes may share a label. */
    function indicesOf(classes: readonly string[]): number[] {
      return classes.flatMap((wanted) => {
        const indices = labels.flatMap((label, index) => (label === wanted ? [index] : []));
        if (indices.length === 0)
          throw badOption(`classes names "${wanted}", which is no label of the model`);
        return indices;
      });
    }

    return model.serve<typeof objectDetection>({
      checkOptions({ scoreThreshold, iouThreshold, maxDetections, classes = [] }) {
        checkShareOption('scoreThreshold', scoreThreshold);
        checkShareOption('iouThreshold', iouThreshold);
        checkCountOption('maxDetections', maxDetections);
        indicesOf(classes);
      },
      read(outputs, { scoreThreshold = scoreDefault, iouThreshold = iouDefault, ...options }) {
        const found = reader.read(outputs, {
          scoreThreshold,
          iouThreshold,
          classAgnostic: options.agnostic ?? false,
          maxDetections: Math.min(options.maxDetections ?? 300, MOST_DETECTIONS),
          ...(options.classes !== undefined && { classes: indicesOf(options.classes) }),
        });
        return Array.from(found.scores, (score, at) => {
          const index = found.classes[at] ?? 0;
          const box = toPicture(found.boxes.subarray(at * 4, at * 4 + 4), outputs.image);
          return { label: labels[index] ?? String(index), index, score, box };
        });
      },
    });
  },
});

/** Converts corners in the model's input to a box in the picture, clipped to it. No fit rotates, so m₁ and m₃ are 0. */
function toPicture(corners: Float32Array, { width, height, toSource }: SeenImage): PixelRegion {
  const [left = NaN, top = NaN, right = NaN, bottom = NaN] = corners;
  const [m0, , m2, , m4, m5] = toSource;
  const clip = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const [x, y] = [clip(m0 * left + m2, width), clip(m4 * top + m5, height)];
  return {
    x,
    y,
    width: clip(m0 * right + m2, width) - x,
    height: clip(m4 * bottom + m5, height) - y,
  };
}
