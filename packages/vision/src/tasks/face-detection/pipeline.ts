import { checkCountOption, checkShareOption, definePipeline, readOutputLayout } from '@hayate/core';
import { loadImageModel } from '../../worker/load-image-model';
import { unfitModel } from '../../worker/unfit-model';
import { faceDetection, type FaceKeypointName } from './contract';

const badModel = unfitModel('find faces');

const ANCHORS = 896;
const VALUES = 16;
const KEYPOINTS: readonly FaceKeypointName[] = [
  'rightEye',
  'leftEye',
  'noseTip',
  'mouthCenter',
  'rightEarTragion',
  'leftEarTragion',
];

/**
 * Picture → plan → BlazeFace → MediaPipe's decoding and weighted suppression → faces in the picture's pixels.
 * The layout is `blazeface`: `output.parts` names the outputs of 896 `scores` (logits) and of 896 × 16 `boxes`, each
 * in one output or, by grid, in several. With MediaPipe's letterbox in `preprocess` the result is MediaPipe's; any other
 * fit works too.
 */
export const faceDetectionPipeline = definePipeline(faceDetection, {
  async load(context) {
    const layout = readOutputLayout(context.manifest.output, ['blazeface'], badModel);
    const [scoreNames, boxNames] = [layout.part('scores'), layout.part('boxes')];
    const model = await loadImageModel(context, badModel);
    const { vision, inputWidth: inputSize } = model;
    if (model.inputHeight !== inputSize) throw badModel('"preprocess.fit" must be a square');
    for (const name of [...scoreNames, ...boxNames]) model.outputName(name);
    const defaults = {
      scoreThreshold: layout.number('scoreThreshold'),
      iouThreshold: layout.number('iouThreshold'),
    };
    return model.serve<typeof faceDetection>({
      checkOptions({ scoreThreshold, iouThreshold, maxFaces }) {
        checkShareOption('scoreThreshold', scoreThreshold);
        checkShareOption('iouThreshold', iouThreshold);
        checkCountOption('maxFaces', maxFaces);
      },
      read({ floats, image }, options) {
        const read = (names: readonly string[], values: number) => {
          const parts = names.map((name) => floats(name).data);
          const length = parts.reduce((sum, part) => sum + part.length, 0);
          if (length === ANCHORS * values) return parts;
          const which = names.map((name) => `"${name}"`).join(', ');
          throw badModel(`the outputs ${which} have ${length} values, not ${ANCHORS * values}`);
        };
        const { scoreThreshold = defaults.scoreThreshold, iouThreshold = defaults.iouThreshold } = options;
        const { boxes, keypoints, scores } = vision.decodeFaces({
          scores: read(scoreNames, 1),
          boxes: read(boxNames, VALUES),
          inputSize,
          ...(scoreThreshold !== undefined && { scoreThreshold }),
          ...(iouThreshold !== undefined && { iouThreshold }),
          ...(options.maxFaces !== undefined && { maxFaces: Math.min(options.maxFaces, ANCHORS) }),
        });
        const [m0, m1, m2, m3, m4, m5] = image.toSource;
        /** Converts a point from fractions of the model's input to pixels of the picture. */
        const point = (numbers: Float32Array, at: number) => {
          const [x, y] = [(numbers[at] ?? NaN) * inputSize, (numbers[at + 1] ?? NaN) * inputSize];
          return { x: m0 * x + m1 * y + m2, y: m3 * x + m4 * y + m5 };
        };
        return Array.from(scores, (score, face) => {
          const corner = point(boxes, face * 4);
          const opposite = point(boxes, face * 4 + 2);
          return {
            box: { ...corner, width: opposite.x - corner.x, height: opposite.y - corner.y },
            keypoints: KEYPOINTS.map((name, at) => ({ name, ...point(keypoints, (face * 6 + at) * 2) })),
            score,
          };
        });
      },
    });
  },
});
