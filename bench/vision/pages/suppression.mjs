/** Intersection over union of two boxes of left, top, right, bottom. */
export function overlap(one, other) {
  const width = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const height = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  return (width * height) / (area(one) + area(other) - width * height);
}

const byScore = (one, other) => other.score - one.score;

/** The best boxes of each class. */
export function suppress(candidates, threshold) {
  const kept = [];
  for (const candidate of candidates.sort(byScore)) {
    const covered = kept.some(
      ({ index, box }) => index === candidate.index && overlap(box, candidate.box) > threshold,
    );
    if (!covered) kept.push(candidate);
  }
  return kept;
}

/** MediaPipe's: boxes and points that overlap the best one are averaged, weighted by their scores. */
export function average(candidates, threshold) {
  const faces = [];
  let rest = candidates.sort(byScore);
  while (rest.length > 0) {
    const [best] = rest;
    const group = rest.filter(({ box }) => box === best.box || overlap(box, best.box) > threshold);
    rest = rest.filter((each) => !group.includes(each));
    const sum = group.reduce((total, { score }) => total + score, 0);
    const mean = (key) =>
      best[key].map((_, at) => group.reduce((total, each) => total + each[key][at] * each.score, 0) / sum);
    faces.push({ score: best.score, index: 0, box: mean('box'), points: mean('points') });
  }
  return faces;
}
