import type { TestContext } from 'vitest';

/** Skips the running test, and prints why, unless this environment has what it needs. */
export function skipUnless({ skip, task }: TestContext, there: boolean, reason: string): void {
  if (there) return;
  console.log(`skipped: ${task.name}: ${reason}`);
  skip(reason);
}

/** Skips where a picture's colours below alpha cannot be read: a Firefox without a display has no WebGL. */
export function skipWithoutWebgl(context: TestContext): void {
  const webgl = new OffscreenCanvas(1, 1).getContext('webgl');
  skipUnless(context, webgl !== null, 'this browser has no WebGL here');
}
