/** What follows the model: scores to results. */
export function post(kernels) {
  return softmaxTopFive(kernels);
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
