import { afterEach, describe, expect, it, vi } from 'vitest';

import { compileVision, loadVision, type LoadVisionOptions, type WasmVisionKernels } from './vision';
import type { Answer, Job } from './create-loader.test.worker';

const simd = new URL('../vision/pkg/vision-simd.wasm', import.meta.url);
const scalar = new URL('../vision/pkg/vision-scalar.wasm', import.meta.url);
const loader = new URL('./vision.ts', import.meta.url);
const missing = new URL('/no-such-folder/kernels.wasm', import.meta.url);

const SPEC: Job['spec'] = {
  fit: { kind: 'shorter-side-crop', shorterSide: 9, crop: { width: 8, height: 7 } },
  filter: 'bicubic',
  layout: 'nchw',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
};
const PHOTO = Uint8Array.from({ length: 20 * 15 * 4 }, (_, at) => (at * 7919) % 251);

afterEach(() => {
  vi.restoreAllMocks();
});

const bytes = async () => (await fetch(simd)).arrayBuffer();

/** An address whose response has this content type. */
async function served(type: string, body?: BlobPart): Promise<string> {
  return URL.createObjectURL(new Blob([body ?? (await bytes())], { type }));
}

/** The loader in the state of a page that has loaded nothing. */
let pages = 0;
function fresh(): Promise<typeof import('./vision')> {
  pages += 1;
  return import(/* @vite-ignore */ `${loader.href}?page=${pages}`) as Promise<typeof import('./vision')>;
}

function tensorOf({ imagePlan }: WasmVisionKernels): number[] {
  const plan = imagePlan(SPEC);
  plan.input(20, 15, 'rgba').set(PHOTO);
  const tensor = [...plan.run()];
  plan.dispose();
  return tensor;
}

describe('loadVision in a browser', () => {
  it.each<[string, () => unknown]>([
    ['an address', () => simd],
    ['an absolute string', () => simd.href],
    ['a string relative to the page', () => simd.pathname],
    ['the build without SIMD', () => scalar],
    ['a buffer', bytes],
    ['bytes', async () => new Uint8Array(await bytes())],
    ['a response', () => fetch(simd)],
    ['a module', async () => WebAssembly.compile(await bytes())],
    ['an address of the right type', () => served('application/wasm')],
    ['an address with parameters to its type', () => served('application/wasm;v=1')],
    ['an address of the wrong type', () => served('text/html')],
    ['an address of no type', () => served('')],
  ])('takes %s', async (_, source) => {
    const wasm = (await source()) as NonNullable<LoadVisionOptions['wasm']>;
    expect(tensorOf(await loadVision({ wasm }))).toEqual(tensorOf(await loadVision()));
  });

  it('streams what comes as application/wasm, and only that', async () => {
    const streaming = vi.spyOn(WebAssembly, 'compileStreaming');
    await loadVision({ wasm: await served('text/plain') });
    const headers = { 'content-type': 'application/wasm;v=1' };
    await loadVision({ wasm: new Response(await bytes(), { headers }) });
    expect(streaming).not.toHaveBeenCalled();
    await loadVision({ wasm: simd });
    expect(streaming).toHaveBeenCalledTimes(1);
  });

  it('fetches each shipped file once', async () => {
    const page = await fresh();
    const request = vi.spyOn(globalThis, 'fetch');
    const all = (['auto', 'on', 'off', 'off', 'auto'] as const).map((simd) => page.loadVision({ simd }));
    const [first, second, third, fourth, fifth] = await Promise.all(all);
    expect([second, fifth]).toEqual([first, first]);
    expect(fourth).toBe(third);
    expect(request.mock.calls.map(([url]) => new URL(url as URL).pathname)).toEqual([
      simd.pathname,
      scalar.pathname,
    ]);
    expect(tensorOf(await page.loadVision({ simd: 'off' }))).toEqual(tensorOf(await loadVision()));
  });

  it('forgets a request that failed', async () => {
    const page = await fresh();
    const ask = globalThis.fetch;
    const request = vi.spyOn(globalThis, 'fetch').mockImplementationOnce(() => ask(missing));
    await expect(page.loadVision()).rejects.toMatchObject({
      code: 'kernels-unavailable',
      details: { reason: 'HTTP status 404' },
    });
    expect(tensorOf(await page.loadVision())).toEqual(tensorOf(await loadVision()));
    expect(request).toHaveBeenCalledTimes(2);
  });

  it.each<[string, () => unknown]>([
    ['an HTTP error', () => missing],
    ['a page of HTML', () => served('text/html', '<!doctype html><title>Not found</title>')],
    ['what is cut off', async () => served('application/wasm', (await bytes()).slice(0, 1000))],
    ['what is no module', () => served('application/wasm', 'text')],
    ['a server that is not there', () => 'http://127.0.0.1:1/kernels.wasm'],
    ['a bad address', () => 'http://['],
    [
      'a response already read',
      async () => {
        const response = await fetch(simd);
        await response.arrayBuffer();
        return response;
      },
    ],
  ])('explains %s', async (_, source) => {
    const wasm = (await source()) as NonNullable<LoadVisionOptions['wasm']>;
    await expect(loadVision({ wasm })).rejects.toMatchObject({
      code: 'kernels-unavailable',
      details: { reason: expect.stringMatching(/./) as string },
    });
  });

  it('ends a request with the reason of the signal', async () => {
    const [reason, controller] = [new Error('enough'), new AbortController()];
    const loading = loadVision({ wasm: simd, signal: controller.signal });
    controller.abort(reason);
    await expect(loading).rejects.toBe(reason);
  });
});

describe('a compiled module', () => {
  it.each(['on', 'off'] as const)('runs in a worker that requests nothing, SIMD %s', async (simd) => {
    const module = await compileVision({ simd });
    const worker = new Worker(new URL('./create-loader.test.worker.ts', import.meta.url), { type: 'module' });
    try {
      const answer = new Promise<Answer>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Answer>) => {
          resolve(data);
        };
        worker.onerror = ({ message }) => {
          reject(new Error(message));
        };
      });
      const job: Job = { module, spec: SPEC, width: 20, height: 15, bytes: PHOTO };
      worker.postMessage(job);
      const { tensor, requests } = await answer;
      expect([...tensor]).toEqual(tensorOf(await loadVision({ simd })));
      expect(requests).toEqual([]);
    } finally {
      worker.terminate();
    }
  });
});
