import type {
  Detections,
  DetectorOutput,
  Faces,
  OutputKernels,
  ScoredBoxes,
  SuppressionOptions,
} from './output-kernels';

import { badInput, checkCount, checkFinite, checkStatus } from './bad-input';
import { copyFloats, countFloats, partsOf, writeFloats } from './floats';
import { createHandle, type KernelInstance } from './instance';

// The numbers of binding/src/boxes.rs.
const YOLOV8 = 0;
const YOLOX = 1;
const NANODET = 2;
const NANODET_PLUS = 3;
const APART = 2; // added to the two above
const CORNERS = 6;
const CENTRES = 7;
const END_TO_END = 8;
const MULTI_LABEL = 1;
const CLASS_AGNOSTIC = 2;
const DETECTION_WORDS = 7;
const FACE_WORDS = 17;

const MAX_CLASS = 65_535;

/** What the kernel is told of an output. `count` is that of anchors or bins, or 0. */
interface Layout {
  readonly number: number;
  readonly parts: readonly Float32Array[];
  readonly classCount: number;
  readonly count: number;
  readonly grid?: readonly [width: number, height: number, strides: readonly number[]];
}

/** The kernels for boxes. */
export function createBoxes(
  instance: KernelInstance,
): Pick<OutputKernels, 'decodeDetections' | 'nonMaximumSuppression' | 'decodeFaces'> {
  const buffer = createHandle(
    instance,
    (exports) => exports.detectionbuffer_new(),
    (exports, address) => {
      exports.detectionbuffer_free(address);
    },
  );

  function fill(parts: readonly Float32Array[]): number {
    const { address } = buffer;
    const count = countFloats(parts);
    checkStatus(instance.call((exports) => exports.detectionbuffer_reserve(address, count)));
    const start = instance.call((exports) => exports.detectionbuffer_input_ptr(address));
    writeFloats(instance, start, parts);
    return address;
  }

  function allow(address: number, classes: readonly number[] | undefined): void {
    const allowed = new Uint8Array(classes === undefined ? 0 : Math.max(0, ...classes) + 1);
    for (const each of classes ?? []) allowed[each] = 1;
    const status = instance.call((exports) =>
      exports.detectionbuffer_reserve_classes(address, allowed.length),
    );
    checkStatus(status);
    const start = instance.call((exports) => exports.detectionbuffer_classes_ptr(address));
    new Uint8Array(instance.buffer, start, allowed.length).set(allowed);
  }

  function detect(layout: Layout, options: SuppressionOptions): Detections {
    const { scoreThreshold = 0.25, iouThreshold = 0.45, maxDetections = 300, classes } = options;
    checkFinite('scoreThreshold', scoreThreshold);
    checkFinite('iouThreshold', iouThreshold);
    checkCount('maxDetections', maxDetections);
    for (const each of classes ?? []) checkCount('each of classes', each, 0, MAX_CLASS);
    const { number, parts, classCount, count, grid } = layout;
    const address = fill(parts);
    allow(address, classes);
    if (grid !== undefined) {
      const [width, height, [a = 0, b = 0, c = 0, d = 0]] = grid;
      instance.call((exports) => {
        exports.detectionbuffer_set_grid(address, width, height, a, b, c, d);
      });
    }
    const flags = (options.multiLabel ? MULTI_LABEL : 0) + (options.classAgnostic ? CLASS_AGNOSTIC : 0);
    const status = instance.call((exports) =>
      // prettier-ignore
      exports.detectionbuffer_run(
        address, number, classCount, count, scoreThreshold, iouThreshold, maxDetections, flags,
      ),
    );
    checkStatus(status);
    const start = instance.call((exports) => exports.detectionbuffer_output_ptr(address));
    const found = instance.call((exports) => exports.detectionbuffer_output_len(address));
    return readDetections(instance.buffer, start, found);
  }

  return {
    decodeDetections: (options) => detect(describeOutput(options), options),

    nonMaximumSuppression: (options) => detect(describeBoxes(options), options),

    decodeFaces(options): Faces {
      const { inputSize = 128, scoreThreshold = 0.5, iouThreshold = 0.3, maxFaces = 896 } = options;
      checkCount('inputSize', inputSize);
      checkCount('maxFaces', maxFaces);
      checkFinite('scoreThreshold', scoreThreshold);
      checkFinite('iouThreshold', iouThreshold);
      const [scores, boxes] = [partsOf('scores', options.scores), partsOf('boxes', options.boxes)];
      if (countFloats(scores) !== 896 || countFloats(boxes) !== 896 * 16) {
        throw badInput('BlazeFace gives 896 scores and 896 × 16 numbers of boxes');
      }
      const address = fill([...scores, ...boxes]);
      const status = instance.call((exports) =>
        exports.detectionbuffer_run_faces(address, inputSize, scoreThreshold, iouThreshold, maxFaces),
      );
      checkStatus(status);
      const start = instance.call((exports) => exports.detectionbuffer_faces_ptr(address));
      const length = instance.call((exports) => exports.detectionbuffer_faces_len(address));
      return splitFaces(copyFloats(instance, start, length));
    },
  };
}

function describeOutput(options: DetectorOutput): Layout {
  if (options.layout === 'end-to-end') {
    return { number: END_TO_END, parts: partsOf('output', options.output), classCount: 1, count: 0 };
  }
  const { layout, output, classCount } = options;
  checkCount('classCount', classCount, 1, MAX_CLASS + 1);
  if (layout === 'yolov8') {
    const parts = partsOf('output', output);
    const anchors = options.anchors ?? countFloats(parts) / (4 + classCount);
    checkCount('anchors', anchors);
    return { number: YOLOV8, parts, classCount, count: anchors };
  }
  const plus = layout === 'nanodet-plus';
  const { inputWidth, inputHeight, strides = plus ? [8, 16, 32, 64] : [8, 16, 32] } = options;
  checkCount('inputWidth', inputWidth);
  checkCount('inputHeight', inputHeight);
  if (strides.length > 4) throw badInput('there can be at most four strides');
  for (const stride of strides) checkCount('each of strides', stride);
  const grid = [inputWidth, inputHeight, strides] as const;
  if (layout === 'yolox') {
    return { number: YOLOX, parts: partsOf('output', output), classCount, count: 0, grid };
  }
  if (layout !== 'nanodet' && !plus) throw badInput('unknown layout');
  const { regMax = 7 } = options;
  checkCount('regMax', regMax);
  const apart = 'scores' in output;
  const parts = apart
    ? [...partsOf('scores', output.scores), ...partsOf('distances', output.distances)]
    : partsOf('output', output);
  const number = (plus ? NANODET_PLUS : NANODET) + (apart ? APART : 0);
  return { number, parts, classCount, count: regMax + 1, grid };
}

function describeBoxes({ boxes, boxFormat = 'xyxy', scores, classCount = 1 }: ScoredBoxes): Layout {
  checkCount('classCount', classCount, 1, MAX_CLASS + 1);
  if (!['xyxy', 'cxcywh'].includes(boxFormat)) throw badInput('unknown boxFormat');
  const [corners, values] = [partsOf('boxes', boxes), partsOf('scores', scores)];
  if (countFloats(corners) * classCount !== countFloats(values) * 4) {
    throw badInput('there must be four numbers and classCount scores for each box');
  }
  const number = boxFormat === 'xyxy' ? CORNERS : CENTRES;
  return { number, parts: [...corners, ...values], classCount, count: 0 };
}

// Each detection is five floats and two integers.
function readDetections(memory: ArrayBuffer, start: number, count: number): Detections {
  const floats = new Float32Array(memory, start, count * DETECTION_WORDS);
  const integers = new Uint32Array(memory, start, count * DETECTION_WORDS);
  const found = {
    boxes: new Float32Array(count * 4),
    scores: new Float32Array(count),
    classes: new Uint32Array(count),
    anchors: new Uint32Array(count),
  };
  for (let at = 0; at < count; at += 1) {
    const word = at * DETECTION_WORDS;
    found.boxes.set(floats.subarray(word, word + 4), at * 4);
    found.scores[at] = floats[word + 4] ?? NaN;
    found.classes[at] = integers[word + 5] ?? 0;
    found.anchors[at] = integers[word + 6] ?? 0;
  }
  return found;
}

// Each face is a box, its score and twelve numbers of key points.
function splitFaces(numbers: Float32Array): Faces {
  const count = numbers.length / FACE_WORDS;
  const faces = {
    boxes: new Float32Array(count * 4),
    scores: new Float32Array(count),
    keypoints: new Float32Array(count * 12),
  };
  for (let at = 0; at < count; at += 1) {
    const face = numbers.subarray(at * FACE_WORDS, (at + 1) * FACE_WORDS);
    faces.boxes.set(face.subarray(0, 4), at * 4);
    faces.scores[at] = face[4] ?? NaN;
    faces.keypoints.set(face.subarray(5), at * 12);
  }
  return faces;
}
