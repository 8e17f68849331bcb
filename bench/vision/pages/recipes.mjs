import { centred, centredOnPixels, cornered, stretch } from './letterbox.mjs';
import { average, suppress } from './suppression.mjs';
import { toBgrPlanes, toPixels } from './tensors.mjs';

// What somebody writes by hand around each model: where the picture goes, the loop over its pixels, and what is read
// from the outputs, in pixels of the input.

const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));

/** The centres of BlazeFace's anchors, in pixels of the input. */
const ANCHORS = [
  { grid: 16, each: 2 },
  { grid: 8, each: 6 },
].map(({ grid, each }) =>
  Float32Array.from({ length: grid * grid * each * 2 }, (_, at) => {
    const cell = Math.floor(at / 2 / each);
    return ((at % 2 === 0 ? cell % grid : Math.floor(cell / grid)) + 0.5) * (128 / grid);
  }),
);

const blazeface = {
  size: 128,
  fill: '#000',
  input: 'input:0',
  dims: [1, 128, 128, 3],
  place: centred(128),
  toTensor: (data, floats) => toPixels(data, floats, 1 / 127.5, -1),
  read(outputs) {
    const candidates = [];
    for (const [part, [scores, boxes]] of [
      ['Identity:0', 'Identity_2:0'],
      ['Identity_1:0', 'Identity_3:0'],
    ].entries()) {
      const [logits, values, anchors] = [outputs[scores].data, outputs[boxes].data, ANCHORS[part]];
      for (let at = 0; at < logits.length; at += 1) {
        if (logits[at] < 0) continue; // a score of 0.5
        const [anchorX, anchorY] = [anchors[at * 2], anchors[at * 2 + 1]];
        const [x, y] = [values[at * 16] + anchorX, values[at * 16 + 1] + anchorY];
        const [w, h] = [values[at * 16 + 2] / 2, values[at * 16 + 3] / 2];
        const points = [];
        for (let value = 4; value < 16; value += 2) {
          points.push(values[at * 16 + value] + anchorX, values[at * 16 + value + 1] + anchorY);
        }
        candidates.push({ score: sigmoid(logits[at]), box: [x - w, y - h, x + w, y + h], points });
      }
    }
    return average(candidates, 0.3);
  },
};

const centernet = {
  size: 512,
  input: 'images',
  dims: [1, 512, 512, 3],
  place: stretch(512),
  toTensor: (data, floats) => toPixels(data, floats),
  read({ detections: { data } }) {
    const candidates = [];
    for (let at = 0; at < data.length; at += 6) {
      if (data[at + 4] > 0.3) {
        candidates.push({ score: data[at + 4], index: data[at + 5], box: [...data.subarray(at, at + 4)] });
      }
    }
    return suppress(candidates, 0.5);
  },
};

const STRIDES = [8, 16, 32];

const yolox = {
  size: 416,
  fill: 'rgb(114 114 114)',
  input: 'images',
  dims: [1, 3, 416, 416],
  place: cornered(416),
  toTensor: (data, floats) => toBgrPlanes(data, floats),
  read(outputs) {
    const [{ data }] = Object.values(outputs);
    const candidates = [];
    let at = 0;
    for (const stride of STRIDES) {
      const grid = 416 / stride;
      for (let cell = 0; cell < grid * grid; cell += 1, at += 85) {
        if (data[at + 4] <= 0.3) continue;
        const { index, score } = best(data, at + 5, 80);
        if (score * data[at + 4] <= 0.3) continue;
        const x = (data[at] + (cell % grid)) * stride;
        const y = (data[at + 1] + Math.floor(cell / grid)) * stride;
        const [w, h] = [(Math.exp(data[at + 2]) * stride) / 2, (Math.exp(data[at + 3]) * stride) / 2];
        candidates.push({ score: score * data[at + 4], index, box: [x - w, y - h, x + w, y + h] });
      }
    }
    return suppress(candidates, 0.45);
  },
};

const BINS = 11;
const NANODET_MEAN = [103.53, 116.28, 123.675];
const NANODET_STD = [57.375, 57.12, 58.395];

const nanodet = {
  size: 416,
  fill: '#000',
  input: 'images',
  dims: [1, 3, 416, 416],
  place: centredOnPixels(416),
  toTensor: (data, floats) =>
    toBgrPlanes(
      data,
      floats,
      NANODET_STD.map((std) => 1 / std),
      NANODET_MEAN.map((mean, channel) => -mean / NANODET_STD[channel]),
    ),
  read(outputs) {
    const candidates = [];
    for (const stride of STRIDES) {
      const [scores, distances] = [outputs[`cls_${stride}`].data, outputs[`reg_${stride}`].data];
      const grid = 416 / stride;
      for (let cell = 0; cell < grid * grid; cell += 1) {
        const { index, score } = best(scores, cell * 80, 80);
        if (score <= 0.35) continue;
        const [x, y] = [((cell % grid) + 0.5) * stride, (Math.floor(cell / grid) + 0.5) * stride];
        const [left, top, right, bottom] = [0, 1, 2, 3].map(
          (side) => expected(distances, (cell * 4 + side) * BINS) * stride,
        );
        candidates.push({ score, index, box: [x - left, y - top, x + right, y + bottom] });
      }
    }
    return suppress(candidates, 0.6);
  },
};

/** The greatest of `count` scores from `start`. */
function best(scores, start, count) {
  let index = 0;
  for (let at = 1; at < count; at += 1) if (scores[start + at] > scores[start + index]) index = at;
  return { index, score: scores[start + index] };
}

/** The mean of the bins' numbers under the softmax of their logits. */
function expected(logits, start) {
  let [sum, mean] = [0, 0];
  for (let bin = 0; bin < BINS; bin += 1) {
    const weight = Math.exp(logits[start + bin]);
    sum += weight;
    mean += weight * bin;
  }
  return mean / sum;
}

export const recipes = { blazeface, centernet, yolox, nanodet };
