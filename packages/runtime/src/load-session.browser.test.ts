import { createTensor, type AnyTensor } from '@hayate/core';
import { skipUnless } from '@hayate/testing';
import { expect, test } from 'vitest';
import { loadSession } from './load-session';
import { probeBackends } from './probe-backends';

// An ONNX model that adds its input, four floats, to itself.
const DOUBLE = new Uint8Array([
  8, 8, 58, 53, 10, 14, 10, 1, 120, 10, 1, 120, 18, 1, 121, 34, 3, 65, 100, 100, 18, 1, 103, 90, 15, 10, 1,
  120, 18, 10, 10, 8, 8, 1, 18, 4, 10, 2, 8, 4, 98, 15, 10, 1, 121, 18, 10, 10, 8, 8, 1, 18, 4, 10, 2, 8, 4,
  66, 4, 10, 0, 16, 13,
]);
const input = () => createTensor('float32', new Float32Array([1, 2, 3, 4]), [4]);

test('an output that is kept on the GPU is fed back without a copy to the CPU', async (context) => {
  const { webgpu } = await probeBackends();
  skipUnless(context, webgpu?.supported === true, 'this browser has no WebGPU here');
  const session = await loadSession(DOUBLE, { backends: ['webgpu'], keepsOutputs: true });
  let tensor: AnyTensor | undefined = input();
  for (let run = 0; run < 3; run += 1) {
    const { y }: Record<string, AnyTensor> = await session.run({ x: tensor }, { keep: { y: 'device' } });
    if (tensor.location !== 'cpu') tensor.dispose();
    tensor = y;
    expect(tensor?.location).toBe('gpu-buffer');
    if (tensor === undefined) return;
  }
  if (tensor.location === 'cpu') return;
  expect(await tensor.download()).toMatchObject({ data: new Float32Array([8, 16, 24, 32]) });
  tensor.dispose();
  await session.dispose();
});

test('without a GPU, an output that is to be kept is on the CPU', async () => {
  const session = await loadSession(DOUBLE, { backends: ['wasm'], keepsOutputs: true });
  const { y } = await session.run({ x: input() }, { keep: { y: 'device' } });
  expect(y).toMatchObject({ location: 'cpu', data: new Float32Array([2, 4, 6, 8]) });
  await session.dispose();
});
