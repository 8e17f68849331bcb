/**
 * One of those that are compared within a group.
 *
 * @typedef {object} Contender
 * @property {string} group What is compared.
 * @property {string} name Who does it.
 * @property {() => unknown} [run] Does it once; may give a promise. Absent if it cannot be measured.
 * @property {string} [missing] Why it cannot be measured.
 * @property {boolean} [ours] Whether the others' times are divided by this one's.
 * @property {number} [repeat] Calls per measurement, for what is too short to be timed alone.
 * @property {() => number[] | Promise<number[]>} [levels] The picture it makes: red, green and blue planes, 0 to 255.
 */

/**
 * Times each contender once, in an order that turns from round to round, so that none always follows the same, and
 * right after a run that does not count, so that none pays for what the one before left in the caches. Gives milliseconds per call; undefined where there is nothing to run.
 *
 * @param {readonly Contender[]} contenders
 * @param {number} round
 */
export async function timeRound(contenders, round) {
  const times = contenders.map(() => /** @type {number | undefined} */ (undefined));
  for (let step = 0; step < contenders.length; step += 1) {
    const place = (step + round) % contenders.length;
    const { run, repeat = 1 } = contenders[place];
    if (run === undefined) continue;
    await run();
    const start = performance.now();
    for (let call = 0; call < repeat; call += 1) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    times[place] = (performance.now() - start) / repeat;
  }
  return times;
}
