/** Pseudo-random numbers from a seed. */
export interface Random {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  oneOf<Value>(values: readonly Value[]): Value;
  /** True with a probability of 1 / `times`. */
  rarely(times: number): boolean;
}

/** Creates a Mulberry32 generator: the same numbers from the same seed, in every JavaScript engine. */
export function createRandom(seed: number): Random {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return {
    below,
    oneOf: <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value,
    rarely: (times) => below(times) === 0,
  };
}
