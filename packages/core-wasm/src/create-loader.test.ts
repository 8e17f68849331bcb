import { readFile } from 'node:fs/promises';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { compileEmbeddings, loadEmbeddings } from './embeddings';
import { compileVision, hasSimd, loadVision } from './vision';

const url = new URL('../vision/pkg/vision-simd.wasm', import.meta.url);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Counts compilations of the shipped module; the test runner compiles modules of its own. */
async function countCompilations(failures = 0): Promise<() => number> {
  const size = (await bytes()).length;
  const original = WebAssembly.compile;
  let count = 0;
  vi.spyOn(WebAssembly, 'compile').mockImplementation(async (source) => {
    if (source.byteLength !== size) return original(source);
    count += 1;
    if (count <= failures) throw new Error('no luck');
    return original(source);
  });
  return () => count;
}

async function bytes(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(url));
}

async function response(type: string): Promise<Response> {
  return new Response(await bytes(), { headers: { 'content-type': type } });
}

describe('loadVision', () => {
  it('loads the shipped module once', async () => {
    const count = await countCompilations();
    const [first, second] = await Promise.all([loadVision(), loadVision()]);
    expect(second).toBe(first);
    expect(await loadVision()).toBe(first);
    expect(count()).toBe(1);
  });

  it('forgets a failure', async () => {
    vi.resetModules();
    const fresh = await import('./vision');
    const count = await countCompilations(1);
    await expect(fresh.loadVision()).rejects.toMatchObject({
      code: 'kernels-unavailable',
      details: { reason: 'no luck' },
    });
    await expect(fresh.loadVision()).resolves.toBeDefined();
    expect(count()).toBe(2);
  });

  it.each([
    ['an address', async () => url],
    ['a string', async () => url.href],
    ['bytes', bytes],
    ['a buffer', async () => (await bytes()).buffer],
    ['a module', async () => new WebAssembly.Module(await bytes())],
    ['a response', () => response('application/wasm')],
    ['a response of the wrong type', () => response('application/octet-stream')],
  ])('takes %s', async (_, source) => {
    const kernels = await loadVision({ wasm: await source() });
    expect([...kernels.softmax(Float32Array.of(0, 0))]).toEqual([0.5, 0.5]);
  });

  it('streams only the right type', async () => {
    const streaming = vi.spyOn(WebAssembly, 'compileStreaming');
    await loadVision({ wasm: await response('application/wasm; charset=x') });
    expect(streaming).not.toHaveBeenCalled();
    await loadVision({ wasm: await response('application/wasm') });
    expect(streaming).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a missing file', () => new URL('missing.wasm', url)],
    ['bytes that are no module', () => new Uint8Array([1, 2, 3])],
    ['an HTTP error', () => new Response('', { status: 404 })],
    ['a bad address', () => 'http://['],
  ])('explains %s', async (_, source) => {
    await expect(loadVision({ wasm: source() })).rejects.toMatchObject({
      code: 'kernels-unavailable',
      details: { reason: expect.stringMatching(/./) as string },
    });
  });

  it('runs one instance for each module', async () => {
    const module = await compileVision();
    const kernels = await loadVision({ wasm: module });
    expect(kernels.module).toBe(module);
    expect(await loadVision()).toBe(kernels);
    expect(await loadVision({ wasm: await bytes() })).not.toBe(kernels);
  });

  it('has a build without SIMD', async () => {
    expect(hasSimd()).toBe(true);
    const kernels = await loadVision({ simd: 'off' });
    expect(kernels).not.toBe(await loadVision({ simd: 'on' }));
    expect([...kernels.softmax(Float32Array.of(0, 0))]).toEqual([0.5, 0.5]);
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(await loadVision()).toBe(kernels);
  });

  it('refuses a module that is not of the kernels', async () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    await expect(loadVision({ wasm: empty })).rejects.toMatchObject({ code: 'kernels-unavailable' });
  });

  it('refuses the module of another family', async () => {
    const [pictures, vectors] = await Promise.all([compileVision(), compileEmbeddings()]);
    const unavailable = {
      code: 'kernels-unavailable',
      details: { reason: 'the module is not one of these kernels' },
    };
    await expect(loadVision({ wasm: vectors })).rejects.toMatchObject(unavailable);
    await expect(loadEmbeddings({ wasm: pictures })).rejects.toMatchObject(unavailable);
  });

  it('tells how much memory the instance has', async () => {
    const kernels = await loadVision({ wasm: await bytes() });
    const before = kernels.memoryBytes;
    kernels.softmax(new Float32Array(2 ** 20));
    expect(kernels.memoryBytes).toBeGreaterThanOrEqual(before + 2 ** 23);
  });

  it('gives the reason of a signal', async () => {
    const reason = new Error('enough');
    await expect(loadVision({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const wasm = new Response(new ReadableStream());
    const waiting = loadVision({ wasm, signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
