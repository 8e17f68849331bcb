import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createTensor } from '@hayate/core';
import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSession } from './load-session';
import { fetchOrtFile, ortFile, type OrtRoute } from './ort-files';
import { probeBackends } from './probe-backends';

describe('ortFile', () => {
  test.each<OrtRoute>(['wasm', 'jspi', 'asyncify'])(
    '%s is the installed file, byte for byte',
    async (route) => {
      const { url, bytes, sha256 } = ortFile(route);
      const data = await readFile(fileURLToPath(url));
      expect(data.length).toBe(bytes);
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
    },
  );

  test('a missing file is model-unreachable', async () => {
    const file = { ...ortFile('wasm'), url: 'http://127.0.0.1:9/ort.wasm' };
    await expect(fetchOrtFile(file)).rejects.toMatchObject({ code: 'model-unreachable' });
  });
});

test('probeBackends says why there is no WebGPU in Node', async () => {
  expect(await probeBackends()).toEqual({
    webgpu: { supported: false, reason: expect.stringContaining('no WebGPU') },
    wasm: { supported: true },
  });
});

describe('loadSession', () => {
  let model: Uint8Array;
  const image = (batch: number) =>
    createTensor('float32', new Float32Array(batch * 3 * 224 * 224), [batch, 3, 224, 224]);
  beforeAll(async () => {
    model = new Uint8Array(await readFile(fileURLToPath(efficientnetLite0.files.model!.url)));
  });

  test('falls back in order and keeps the reasons', async () => {
    const session = await loadSession(model, { backends: ['webnn', 'webgpu', 'wasm'] });
    expect(session).toMatchObject({
      backend: 'wasm',
      threads: 1,
      refused: [{ backend: 'webnn' }, { backend: 'webgpu', reason: expect.stringContaining('no WebGPU') }],
      inputs: [{ name: 'input', type: 'float32' }],
      outputs: [{ name: 'logits', type: 'float32' }],
    });
    await session.dispose();
  });

  test('takes a promise of the bytes, and any batch', async () => {
    const session = await loadSession(Promise.resolve(model), { backends: ['wasm'] });
    const { logits } = await session.run({ input: image(2) });
    expect(logits?.dims).toEqual([2, 1000]);
    await session.dispose();
  });

  test('two runs at once are executed one after the other', async () => {
    const session = await loadSession(model, { backends: ['wasm'] });
    const runs = await Promise.all([session.run({ input: image(1) }), session.run({ input: image(1) })]);
    expect(runs[0]).toEqual(runs[1]);
    await session.dispose();
  });

  test('bytes that are not a model are no-backend with the reason, and the next session works', async () => {
    const broken = loadSession(new Uint8Array(100), { backends: ['wasm'] });
    await expect(broken).rejects.toMatchObject({
      code: 'no-backend',
      details: { attempts: [{ backend: 'wasm', reason: expect.any(String) }] },
    });
    const session = await loadSession(model, { backends: ['wasm'] });
    await session.dispose();
  });

  test('a wrong feed is bad-input, a wrong shape session-failed; the session goes on', async () => {
    const session = await loadSession(model, { backends: ['wasm'] });
    await expect(session.run({ image: image(1) })).rejects.toMatchObject({ code: 'bad-input' });
    const small = createTensor('float32', new Float32Array(12), [1, 3, 2, 2]);
    const flat = createTensor('float32', new Float32Array(12), [12]);
    await expect(session.run({ input: flat })).rejects.toMatchObject({ code: 'session-failed' });
    await session.run({ input: small }).catch(() => undefined);
    expect((await session.run({ input: image(1) }))['logits']?.dims).toEqual([1, 1000]);
    await session.dispose();
  });

  test('an abort and a disposed session settle with their own errors', async () => {
    await expect(loadSession(model, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const session = await loadSession(model, { backends: ['wasm'] });
    const aborted = session.run({ input: image(1) }, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    await session.dispose();
    await session.dispose();
    await expect(session.run({ input: image(1) })).rejects.toMatchObject({ code: 'disposed' });
  });
});
