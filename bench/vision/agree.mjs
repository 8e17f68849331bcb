import { overlap } from './pages/suppression.mjs';

/** So much must two boxes have in common to be the same one. */
export const LEAST_OVERLAP = 0.8;
/** What scores no more than this above the threshold may be missed. */
const DOUBT = 0.05;

/**
 * The least intersection over union of what both found. Throws where one of them lacks something that the other is sure
 * of, or has it elsewhere.
 */
export function leastOverlap(what, found, reference, threshold) {
  const best = (one, others) => {
    const same = others.filter(({ index }) => index === one.index);
    return Math.max(0, ...same.map(({ box }) => overlap(box, one.box)));
  };
  const sure = ({ score }) => score > threshold + DOUBT;
  const overlaps = [
    ...found.filter(sure).map((one) => best(one, reference)),
    ...reference.filter(sure).map((one) => best(one, found)),
  ];
  const least = Math.min(...overlaps);
  if (overlaps.length > 0 && least > LEAST_OVERLAP) return least;
  throw new Error(`${what} differs: ${JSON.stringify(found)} but ${JSON.stringify(reference)}`);
}
