/** What follows the model: scores to results. */
export function post(kernels) {
  return [...softmaxTopFive(kernels), ...suppression(kernels)];
}

/** The output of a YOLOv8 of 80 classes on 640×640: clusters of boxes that mean the same thing, and much noise. */
function suppression(kernels) {
  const [anchors, classCount] = [8400, 80];
  const output = new Float32Array((4 + classCount) * anchors);
  for (let at = 0; at < anchors; at += 1) {
    const thing = at % 700;
    [320 + 300 * Math.sin(thing), 320 + 300 * Math.cos(thing * 1.7), 60, 80].forEach((value, row) => {
      output[row * anchors + at] = value + (at % 7);
    });
    for (let label = 0; label < classCount; label += 1) {
      output[(4 + label) * anchors + at] = 0.05 * (1 + Math.sin(at * 1.3 + label));
    }
    if (thing < 12) output[(4 + (thing % classCount)) * anchors + at] = 0.5 + 0.4 * Math.abs(Math.sin(at));
  }
  const group = 'YOLOv8, 84×8400, at 0.25 and 0.45, with the copy into wasm';
  const run = () => kernels.decodeDetections({ layout: 'yolov8', output, classCount });
  return [{ group, name: 'Hayate', ours: true, repeat: 10, run }];
}

function softmaxTopFive(kernels) {
  const logits = Float32Array.from({ length: 1000 }, (_, at) => Math.sin(at * 12.9898) * 8);
  const group = 'softmax and top 5 of 1000';
  return [
    { group, name: 'Hayate', ours: true, repeat: 100, run: () => kernels.topK(kernels.softmax(logits), 5) },
    { group, name: 'a loop and a sort', repeat: 100, run: () => sortedTopFive(loopSoftmax(logits)) },
  ];
}

function loopSoftmax(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function sortedTopFive(scores) {
  const entries = scores.map((score, index) => ({ score, index }));
  return entries.sort((left, right) => right.score - left.score).slice(0, 5);
}
