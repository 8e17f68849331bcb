const sorted = (values) => [...values].sort((left, right) => left - right);

/** The middle of `values` (the upper one of two). */
export const median = (values) => sorted(values)[Math.floor(values.length / 2)];

/** The least of `values`. */
export const least = (values) => sorted(values)[0];

/** The value that `share` of `values` do not exceed, from 0 to 1. */
export const percentile = (values, share) =>
  sorted(values)[Math.max(0, Math.ceil(values.length * share) - 1)];
