import { createTensor, readLocalFile, type BackendName, type GraphFiles, type Tensors } from '@hayate/core';
import { skipUnless, tinySums } from '@hayate/testing';
import { describe, expect, test, type TestContext } from 'vitest';
import { loadSession } from './load-session';
import { probeBackends } from './probe-backends';

async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { url = '' } = tinySums.files[name] ?? {};
  if (url.startsWith('file:')) return readLocalFile(url);
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

/** The files of the graph, which count how often the graph was read. */
function sums(): GraphFiles & { asked: number } {
  const files = {
    asked: 0,
    graph() {
      files.asked += 1;
      return bytesOf('model');
    },
    externalData: async () => ({ 'tiny-sums.data': new Blob([await bytesOf('weights')]) }),
  };
  return files;
}

const x = (...values: number[]) => createTensor('float32', Float32Array.from(values), [values.length]);
const found = (outputs: Tensors) =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [
      name,
      tensor.location === 'cpu' ? [...(tensor.data as Float32Array)] : tensor.location,
    ]),
  );

async function skipWithout(context: TestContext, backend: BackendName): Promise<void> {
  const support = (await probeBackends())[backend];
  skipUnless(context, support?.supported === true, `this platform has no ${backend} here`);
}

describe.each(['wasm', 'webgpu'] as const)('a session on %s', (backend) => {
  test('reads its external data from Blobs, and returns the requested outputs', async (context) => {
    await skipWithout(context, backend);
    const session = await loadSession(sums(), { backends: [backend] });
    const feeds = { x: x(1, 2, 3, 4) };
    const [sum, square] = [
      [11, 22, 33, 44],
      [1, 4, 9, 16],
    ];
    expect(found(await session.run(feeds))).toEqual({ sum, square });
    expect(found(await session.run(feeds, { outputs: ['square'] }))).toEqual({ square });
    await session.dispose();
  });

  test('refuses an unknown output', async (context) => {
    await skipWithout(context, backend);
    const session = await loadSession(sums(), { backends: [backend] });
    for (const options of [{ outputs: ['sun'] }, { keep: { sun: 'cpu' } as const }]) {
      await expect(session.run({ x: x(1, 2, 3, 4) }, options)).rejects.toMatchObject({
        code: 'bad-input',
        details: { reason: 'the model\'s outputs are sum, square, but "sun" was asked for' },
      });
    }
    await session.dispose();
  });

  test('goes on after a run that failed', async (context) => {
    await skipWithout(context, backend);
    const files = sums();
    const session = await loadSession(files, { backends: [backend], keepsOutputs: true });
    for (let round = 0; round < 2; round += 1) {
      await expect(session.run({ x: x(1, 2, 3) })).rejects.toMatchObject({ code: 'session-failed' });
      expect(found(await session.run({ x: x(1, 1, 1, 1) }))).toMatchObject({ sum: [11, 21, 31, 41] });
    }
    // Only a session that may leave outputs on the device has to be recreated.
    expect(files.asked).toBe(backend === 'wasm' ? 1 : 3);
    await session.dispose();
  });
});

test('`keep` says for each output whether it stays on the device', async (context) => {
  await skipWithout(context, 'webgpu');
  const session = await loadSession(sums(), { backends: ['webgpu'], keepsOutputs: true });
  const outputs = await session.run({ x: x(1, 2, 3, 4) }, { keep: { sum: 'device', square: 'cpu' } });
  expect(found(outputs)).toEqual({ sum: 'gpu-buffer', square: [1, 4, 9, 16] });
  const { sum } = outputs;
  expect(found(await session.run({ x: sum! }, { outputs: ['square'] }))).toEqual({
    square: [121, 484, 1089, 1936],
  });
  if (sum?.location !== 'cpu') sum?.dispose();
  await session.dispose();
});

test('a graph whose external data is missing is refused with the reason', async () => {
  const files = { ...sums(), externalData: () => Promise.resolve({}) };
  await expect(loadSession(files, { backends: ['wasm'] })).rejects.toMatchObject({
    code: 'no-backend',
    details: { attempts: [{ backend: 'wasm', reason: expect.stringMatching(/tiny-sums\.data|external/i) }] },
  });
});
