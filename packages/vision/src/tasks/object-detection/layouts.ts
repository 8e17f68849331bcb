import { toHayateError, type OutputFloats, type OutputLayout } from '@hayate/core';
import type { Detections, DetectorOutput, SuppressionOptions } from '@hayate/core-wasm/vision';
import type { ImageModel, ImageOutputs } from '../../worker/load-image-model';

/** What a layout can use when a model loads. */
export interface LayoutParts {
  readonly model: Pick<ImageModel, 'vision' | 'inputWidth' | 'inputHeight' | 'outputName'>;
  /** The manifest's `output.name`. */
  readonly name: string | undefined;
  readonly layout: OutputLayout;
  readonly classCount: number;
  refuse(reason: string, cause?: unknown): Error;
}

/** How the outputs of a layout are read. */
export interface LayoutReader {
  readonly defaults: { readonly scoreThreshold: number; readonly iouThreshold: number };
  /** Reads the boxes of one picture, in pixels of the model's input. */
  read(outputs: ImageOutputs, options: SuppressionOptions): Detections;
}

/** The layouts by their name in a manifest. */
export const LAYOUTS: Readonly<Record<string, (parts: LayoutParts) => LayoutReader>> = {
  yolov8: readYolov8,
  yolox: readYolox,
  nanodet: readNanodet,
  centernet: readCenternet,
  detr: readDetr,
};

/** `[4 + labels + others, anchors]`; the parameter `others` counts further rows, such as masks. @defaultValue 0 */
function readYolov8({ model, name, layout, classCount, refuse }: LayoutParts): LayoutReader {
  const output = model.outputName(name);
  const rows = 4 + classCount + (layout.number('others') ?? 0);
  return {
    defaults: { scoreThreshold: 0.25, iouThreshold: 0.45 },
    read({ floats }, options) {
      const found = floats(output);
      const [, anchors = 0] = found.dims;
      checkDims(output, found, [rows, anchors], `[${rows}, anchors]`, refuse);
      return decode({ layout: 'yolov8', output: found.data, classCount, anchors, ...options }, model, refuse);
    },
  };
}

/** `[anchors, 5 + labels]`, not decoded; the parameter `strides` is 8, 16 and 32 by default. */
function readYolox({ model, name, layout, classCount, refuse }: LayoutParts): LayoutReader {
  const output = model.outputName(name);
  const { inputWidth, inputHeight } = model;
  const strides = layout.numbers('strides') ?? [8, 16, 32];
  const anchors = strides.reduce((sum, stride) => sum + cells(model, stride), 0);
  return {
    defaults: { scoreThreshold: 0.25, iouThreshold: 0.45 },
    read({ floats }, options) {
      const found = floats(output);
      const dims = [anchors, 5 + classCount];
      checkDims(output, found, dims, `[${dims.join(', ')}]`, refuse);
      return decode(
        { layout: 'yolox', output: found.data, classCount, inputWidth, inputHeight, strides, ...options },
        model,
        refuse,
      );
    },
  };
}

/**
 * `[anchors, labels + 4 · (regMax + 1)]`, or with the parts `scores` and `distances`, one output of each per stride.
 * By default the parameter `strides` is 8, 16 and 32, and `regMax` is 7.
 */
function readNanodet({ model, name, layout, classCount, refuse }: LayoutParts): LayoutReader {
  const { inputWidth, inputHeight } = model;
  const strides = layout.numbers('strides') ?? [8, 16, 32];
  const regMax = layout.number('regMax') ?? 7;
  const bins = 4 * (regMax + 1);
  const grids = strides.map((stride) => cells(model, stride));
  const scoreNames = layout.part('scores', []);
  const distanceNames = layout.part('distances', []);
  const apart = scoreNames.length > 0 || distanceNames.length > 0;
  for (const [part, names] of Object.entries({ scores: scoreNames, distances: distanceNames })) {
    if (!apart || names.length === strides.length) continue;
    throw refuse(`"output.parts.${part}" must name ${strides.length} outputs, one for each stride`);
  }
  const whole = apart ? '' : model.outputName(name);
  for (const each of [...scoreNames, ...distanceNames]) model.outputName(each);

  const common = { layout: 'nanodet', classCount, regMax, inputWidth, inputHeight, strides } as const;
  return {
    defaults: { scoreThreshold: 0.25, iouThreshold: 0.45 },
    read({ floats }, options) {
      const checked = (each: string, anchors: number, columns: number) => {
        const found = floats(each);
        checkDims(each, found, [anchors, columns], `[${anchors}, ${columns}]`, refuse);
        return found.data;
      };
      const all = grids.reduce((sum, count) => sum + count, 0);
      const output = apart
        ? {
            scores: scoreNames.map((each, at) => checked(each, grids[at] ?? 0, classCount)),
            distances: distanceNames.map((each, at) => checked(each, grids[at] ?? 0, bins)),
          }
        : checked(whole, all, classCount + bins);
      return decode({ ...common, output, ...options }, model, refuse);
    },
  };
}

/** CenterNet with its decoding in the graph: rows of left, top, right, bottom, score and class. */
function readCenternet({ model, name, refuse }: LayoutParts): LayoutReader {
  const output = model.outputName(name);
  return {
    defaults: { scoreThreshold: 0.3, iouThreshold: 0.5 },
    read({ floats }, options) {
      const found = floats(output);
      const [rows = 0] = found.dims;
      checkDims(output, found, [rows, 6], '[rows, 6]', refuse);
      return decode({ layout: 'end-to-end', output: found.data, ...options }, model, refuse);
    },
  };
}

/**
 * The DETR family: the parts `logits` and `boxes` (centre and size as fractions of the input), by default the outputs
 * `logits` and `pred_boxes`. If `logits` has one column more than there are labels, scores are a softmax whose last column
 * is "no object", and each query has one label (DETR, YOLOS). If it has as many, scores are sigmoids, and the best pairs
 * of query and label are taken, as many as there are queries (Deformable DETR, RT-DETR). Without suppression, as
 * `post_process_object_detection` in transformers.
 */
function readDetr({ model, layout, classCount, refuse }: LayoutParts): LayoutReader {
  const { vision, inputWidth, inputHeight } = model;
  const one = (part: string, otherwise: string) => {
    const [first = otherwise, ...others] = layout.part(part, [otherwise]);
    if (others.length > 0) throw refuse(`"output.parts.${part}" must name one output`);
    return model.outputName(first);
  };
  const [logitsName, boxesName] = [one('logits', 'logits'), one('boxes', 'pred_boxes')];

  function softmax(logits: Float32Array): Float32Array {
    const queries = logits.length / (classCount + 1);
    const scores = new Float32Array(queries * classCount);
    for (let query = 0; query < queries; query += 1) {
      const row = logits.subarray(query * (classCount + 1), (query + 1) * (classCount + 1));
      scores.set(vision.softmax(row).subarray(0, classCount), query * classCount);
    }
    return scores;
  }

  return {
    defaults: { scoreThreshold: 0.5, iouThreshold: 1 },
    read({ floats }, options) {
      const [logits, boxes] = [floats(logitsName), floats(boxesName)];
      const [queries = 0, columns = 0] = logits.dims;
      const noObject = columns === classCount + 1;
      const width = noObject ? columns : classCount;
      const wanted = `[queries, ${classCount}] or [queries, ${classCount + 1}]`;
      checkDims(logitsName, logits, [queries, width], wanted, refuse);
      checkDims(boxesName, boxes, [queries, 4], `[${queries}, 4]`, refuse);
      const { maxDetections = queries } = options;
      return vision.nonMaximumSuppression({
        ...options,
        boxes: boxes.data.map((value, at) => value * (at % 2 === 0 ? inputWidth : inputHeight)),
        boxFormat: 'cxcywh',
        scores: noObject ? softmax(logits.data) : vision.sigmoid(logits.data),
        classCount,
        multiLabel: !noObject,
        maxDetections: Math.min(queries, maxDetections),
      });
    },
  };
}

/** The number of cells of one grid, including those that the input covers only in part. */
function cells({ inputWidth, inputHeight }: LayoutParts['model'], stride: number): number {
  return Math.ceil(inputWidth / stride) * Math.ceil(inputHeight / stride);
}

function checkDims(
  name: string,
  { dims }: OutputFloats,
  expected: readonly number[],
  wanted: string,
  refuse: LayoutParts['refuse'],
): void {
  if (dims.length === expected.length && dims.every((side, axis) => side === expected[axis])) return;
  throw refuse(`the output "${name}" is [${dims.join(', ')}] for a picture, but must be ${wanted}`);
}

// The options were checked before, so if the kernels throw, the manifest is wrong.
function decode(
  options: DetectorOutput & SuppressionOptions,
  { vision }: LayoutParts['model'],
  refuse: LayoutParts['refuse'],
): Detections {
  try {
    return vision.decodeDetections(options);
  } catch (cause) {
    throw refuse(`"output": ${toHayateError(cause).message}`, cause);
  }
}
