/** Throws unless all contenders gave the same answer. */
export function checkSame(what, answers) {
  if (new Set(answers).size > 1) throw new Error(`${what} differs: ${[...new Set(answers)].join(', ')}`);
}
