import type {
  Detections,
  DetectorOutput,
  Faces,
  BoxKernels,
  ScoredBoxes,
  SuppressionOptions,
} from './output-kernels';

import { badInput, checkCount, checkFinite, checkStatus } from './bad-input';
import { DETECTION, DETECTOR_LAYOUTS, FACE, FACE_ANCHOR_NUMBERS, FACE_ANCHORS } from './abi';
import type { VisionExports } from './create-vision';
import { copyFloats, countFloats, partsOf, writeFloats } from './vectors';
import { createHandle, type KernelInstance } from './instance';

const MAX_CLASS = 65_535;

/** How the kernel reads an output. `count` is the number of anchors or bins, or 0. */
interface Layout {
  readonly kind: (typeof DETECTOR_LAYOUTS)[number];
  readonly parts: readonly Float32Array[];
  readonly classCount: number;
  readonly count: number;
  readonly grid?: readonly [width: number, height: number, strides: readonly number[]];
}

/** The kernels for boxes. */
export function createBoxes(instance: KernelInstance<VisionExports>): BoxKernels {
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
    const { kind, parts, classCount, count, grid } = layout;
    const address = fill(parts);
    allow(address, classes);
    if (grid !== undefined) {
      const [width, height, [a = 0, b = 0, c = 0, d = 0]] = grid;
      instance.call((exports) => {
        exports.detectionbuffer_set_grid(address, width, height, a, b, c, d);
      });
    }
    const { multiLabel = false, classAgnostic = false } = options;
    const status = instance.call((exports) =>
      // prettier-ignore
      exports.detectionbuffer_run(
        address, DETECTOR_LAYOUTS.indexOf(kind), classCount, count, scoreThreshold, iouThreshold, maxDetections,
        Number(multiLabel), Number(classAgnostic),
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
      const { inputSize = 128, scoreThreshold = 0.5, iouThreshold = 0.3, maxFaces = FACE_ANCHORS } = options;
      checkCount('inputSize', inputSize);
      checkCount('maxFaces', maxFaces);
      checkFinite('scoreThreshold', scoreThreshold);
      checkFinite('iouThreshold', iouThreshold);
      const [scores, boxes] = [partsOf('scores', options.scores), partsOf('boxes', options.boxes)];
      if (countFloats(scores) !== FACE_ANCHORS || countFloats(boxes) !== FACE_ANCHORS * FACE_ANCHOR_NUMBERS) {
        throw badInput(
          `BlazeFace gives ${FACE_ANCHORS} scores and ${FACE_ANCHOR_NUMBERS} numbers for each box`,
        );
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
    return { kind: options.layout, parts: partsOf('output', options.output), classCount: 1, count: 0 };
  }
  const { layout, output, classCount } = options;
  checkCount('classCount', classCount, 1, MAX_CLASS + 1);
  if (layout === 'yolov8') {
    const parts = partsOf('output', output);
    const anchors = options.anchors ?? countFloats(parts) / (4 + classCount);
    checkCount('anchors', anchors);
    return { kind: layout, parts, classCount, count: anchors };
  }
  const { inputWidth, inputHeight, strides = [8, 16, 32] } = options;
  checkCount('inputWidth', inputWidth);
  checkCount('inputHeight', inputHeight);
  if (strides.length > 4) throw badInput('there can be at most four strides');
  for (const stride of strides) checkCount('each of strides', stride);
  const grid = [inputWidth, inputHeight, strides] as const;
  if (layout === 'yolox') {
    return { kind: layout, parts: partsOf('output', output), classCount, count: 0, grid };
  }
  if (layout !== 'nanodet') throw badInput('unknown layout');
  const { regMax = 7 } = options;
  checkCount('regMax', regMax);
  const count = regMax + 1;
  if (!('scores' in output)) {
    return { kind: layout, parts: partsOf('output', output), classCount, count, grid };
  }
  const parts = [...partsOf('scores', output.scores), ...partsOf('distances', output.distances)];
  return { kind: 'nanodet-apart', parts, classCount, count, grid };
}

function describeBoxes({ boxes, boxFormat = 'xyxy', scores, classCount = 1 }: ScoredBoxes): Layout {
  checkCount('classCount', classCount, 1, MAX_CLASS + 1);
  if (!['xyxy', 'cxcywh'].includes(boxFormat)) throw badInput('unknown boxFormat');
  const [corners, values] = [partsOf('boxes', boxes), partsOf('scores', scores)];
  if (countFloats(corners) * classCount !== countFloats(values) * 4) {
    throw badInput('there must be four numbers and classCount scores for each box');
  }
  return { kind: boxFormat, parts: [...corners, ...values], classCount, count: 0 };
}

function readDetections(memory: ArrayBuffer, start: number, count: number): Detections {
  const { corners, score, class: classAt, anchor, length } = DETECTION;
  const floats = new Float32Array(memory, start, count * length);
  const integers = new Uint32Array(memory, start, count * length);
  const found = {
    boxes: new Float32Array(count * 4),
    scores: new Float32Array(count),
    classes: new Uint32Array(count),
    anchors: new Uint32Array(count),
  };
  for (let at = 0; at < count; at += 1) {
    const first = at * length;
    found.boxes.set(floats.subarray(first + corners, first + corners + 4), at * 4);
    found.scores[at] = floats[first + score] ?? NaN;
    found.classes[at] = integers[first + classAt] ?? 0;
    found.anchors[at] = integers[first + anchor] ?? 0;
  }
  return found;
}

function splitFaces(numbers: Float32Array): Faces {
  const { corners, score, keypoints, length } = FACE;
  const count = numbers.length / length;
  const faces = {
    boxes: new Float32Array(count * 4),
    scores: new Float32Array(count),
    keypoints: new Float32Array(count * (length - keypoints)),
  };
  for (let at = 0; at < count; at += 1) {
    const face = numbers.subarray(at * length, (at + 1) * length);
    faces.boxes.set(face.subarray(corners, corners + 4), at * 4);
    faces.scores[at] = face[score] ?? NaN;
    faces.keypoints.set(face.subarray(keypoints), at * (length - keypoints));
  }
  return faces;
}
