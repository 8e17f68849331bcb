import type { ImagePlanSpec } from './image-plan-spec';
import { describe, expect, it } from 'vitest';

import { loadVision } from './vision';

const SPEC: ImagePlanSpec = {
  fit: { kind: 'stretch', width: 3, height: 2 },
  filter: 'bilinear',
  layout: 'nchw',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const CRASHED = expect.objectContaining({ code: 'kernels-crashed' }) as unknown;

describe('a trap', () => {
  it('gives up the instance, and the next call has a fresh one', async () => {
    const kernels = await loadVision({ wasm: (await loadVision()).module });
    const [broken, bystander] = [kernels.imagePlan(SPEC), kernels.imagePlan(SPEC)];
    const lost = bystander.input(1, 1, 'rgba');
    const view = broken.input(40, 30, 'rgba');
    // Every address and length in the module's memory is now nonsense.
    new Uint8Array(view.buffer).fill(0xff);
    expect(() => broken.run()).toThrow(CRASHED);

    // Pixels written before were lost with the instance, for every plan; each plan reports it once.
    expect(() => bystander.run()).toThrow(CRASHED);
    const fresh = bystander.input(1, 1, 'rgba');
    expect(fresh.buffer).not.toBe(lost.buffer);
    for (const plan of [bystander, broken]) {
      plan.input(1, 1, 'rgba').set([255, 0, 51, 0]);
      expect([...plan.run()].map((value) => Math.round(value * 255))).toEqual([
        ...Array<number>(6).fill(255),
        ...Array<number>(6).fill(0),
        ...Array<number>(6).fill(51),
      ]);
      plan.dispose();
    }
    expect([...kernels.softmax(Float32Array.of(1, 1))]).toEqual([0.5, 0.5]);
  });

  it('leaves nothing to dispose of', async () => {
    const kernels = await loadVision({ simd: 'off' });
    const plan = kernels.imagePlan(SPEC);
    new Uint8Array(plan.input(4, 4, 'rgba').buffer).fill(0xff);
    expect(() => plan.run()).toThrow(CRASHED);
    plan.dispose();
    expect(kernels.topK(Float32Array.of(1, 3), 1).indices).toEqual(Uint32Array.of(1));
  });
});
