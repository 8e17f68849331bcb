import type { TestContext } from 'vitest';

/** Skips the running test, and prints `reason`, unless `there` is true. */
export function skipUnless({ skip, task }: TestContext, there: boolean, reason: string): void {
  if (there) return;
  console.log(`skipped: ${task.name}: ${reason}`);
  skip(reason);
}

/** Skips without WebGL, which reads the colours of transparent pixels. A Firefox without a display has none. */
export function skipWithoutWebgl(context: TestContext): void {
  const webgl = new OffscreenCanvas(1, 1).getContext('webgl');
  skipUnless(context, webgl !== null, 'this browser has no WebGL here');
}
