import { afterEach, describe, expect, test, vi } from 'vitest';
import { diagnose, type DiagnoseOptions } from './diagnose';
import { allowsWebAssembly } from './diagnose/probe-webassembly';

const spawn = () => new Worker(new URL('./faulty.test.worker.ts', import.meta.url), { type: 'module' });
const fileOf = (content: string, type: string) => URL.createObjectURL(new Blob([content], { type }));
const script = (source: string) => fileOf(source, 'text/javascript');
const RealWorker = Worker;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  expect(Worker, 'Worker is what it was').toBe(RealWorker);
  // After an abort, the check goes on for a moment.
  await expect
    .poll(async () => (await caches.keys()).filter((name) => name.startsWith('hayate-diagnose')))
    .toEqual([]);
});

/** The findings as lines, without those that depend on the machine's GPU and the browser's profile. */
async function lines(options: DiagnoseOptions = {}): Promise<readonly string[]> {
  const { ok, findings } = await diagnose(options);
  expect(ok).toBe(findings.every(({ severity }) => severity !== 'error'));
  for (const { message, remedy } of findings) expect(`${message} ${remedy}`).toMatch(/^[A-Z].+[^.]\. \S/);
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, check, message, remedy }) => `${severity} ${check} ${message} ${remedy}`);
}

test('a healthy page with its worker and ONNX Runtime’s files lacks nothing', async () => {
  const diagnosis = await diagnose({ spawn });
  expect(diagnosis.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(diagnosis.ok).toBe(true);
});

test('as text it is one line for each finding, worst first', async () => {
  const diagnosis = await diagnose({ files: ['http://['], spawn: () => new Worker('/no-such-worker.js') });
  const text = `${String(diagnosis)}\n`;
  expect(text.split('\n')).toHaveLength(diagnosis.findings.length + 1);
  expect(text).toMatch(/^error \((worker|file)\): .+\nerror \((worker|file)\): /);
});

describe('the worker', () => {
  test('a missing script is reported with its address', async () => {
    const [line] = await lines({ spawn: () => new Worker('/no-such-worker.js', { type: 'module' }) });
    // Vite's server answers a request for a missing file with a page or with 404.
    expect(line).toMatch(/^error worker .*no-such-worker\.js.*Deploy/);
  });

  test('a script that never answers', async () => {
    expect(await lines({ spawn: () => new Worker(script('')), deadlineMs: 1000 })).toEqual([
      expect.stringMatching(/^error worker .*no answer within 1000 ms.*serveEngine/),
    ]);
  });

  test('a script that throws is reported with its message', async () => {
    const [line] = await lines({ spawn: () => new Worker(script('throw new Error("it broke")')) });
    expect(line).toMatch(/^error worker .*it broke.*blob:.*:1/);
  });

  test('a spawn that throws is reported with its message', async () => {
    const [line] = await lines({
      spawn: () => {
        throw new Error('no worker today');
      },
    });
    expect(line).toMatch(/^error worker .*no worker today/);
  });

  test('a script of another origin', async () => {
    const [line] = await lines({ spawn: () => new Worker('https://hayate.invalid/w.js') });
    expect(line).toMatch(/^error worker .*hayate\.invalid.*another origin/);
  });

  test('it is ended, whatever it does', async () => {
    const ended = vi.spyOn(RealWorker.prototype, 'terminate');
    await lines({ spawn });
    await lines({ spawn: () => new Worker(script('')), deadlineMs: 50 });
    expect(new Set(ended.mock.contexts).size).toBe(2);
  });
});

describe('files', () => {
  test('a page of HTML, a missing file, no address', async () => {
    const found = await lines({
      files: [fileOf('<!doctype html>', 'text/html'), 'http://[', '/@fs/no/such.wasm'],
    });
    expect(found).toEqual([
      expect.stringMatching(/^error file The file blob:\S+ is a page of HTML/),
      expect.stringMatching(/^error file The file "http:\/\/\[" has no valid address/),
      expect.stringMatching(/^error file .*such\.wasm/),
    ]);
  });

  test('a file that never arrives is reported after the deadline', async () => {
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
      input.includes('slow')
        ? new Promise((_, reject) =>
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
          )
        : fetch(input, init),
    );
    expect(await lines({ files: ['/slow.wasm'], deadlineMs: 1000 })).toEqual([
      expect.stringMatching(/^error file .*slow\.wasm.*no answer within 1000 ms/),
    ]);
  });
});

describe('a file of another origin', () => {
  const url = 'https://hayate.invalid/model.onnx';
  const answer = (noCors: () => Promise<Response>) => {
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
      if (input !== url) return fetch(input, init);
      return init?.mode === 'no-cors' ? noCors() : Promise.reject(new TypeError('Failed to fetch'));
    });
  };

  test('whose server does not allow this page', async () => {
    answer(() => Promise.resolve(Response.error()));
    expect(await lines({ files: [url] })).toEqual([
      expect.stringMatching(
        /^error file .*may not be read.*Let https:\/\/hayate\.invalid send Access-Control-/,
      ),
    ]);
  });

  test('without an answer', async () => {
    answer(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await lines({ files: [url] })).toEqual([
      expect.stringMatching(/^error file .*no answer, or its server does not allow/),
    ]);
  });
});

test('without SIMD', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(await lines()).toEqual([expect.stringMatching(/^error simd .*dot_i16x8_s/)]);
});

test('without WebAssembly', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(await lines()).toEqual([expect.stringMatching(/^error webassembly .*no WebAssembly/)]);
});

test('on a page that is not secure', async () => {
  vi.stubGlobal('isSecureContext', false);
  expect(await lines({ spawn })).toEqual([expect.stringMatching(/^error secure-context .*https/)]);
});

test('without storage, and without locks', async () => {
  vi.spyOn(CacheStorage.prototype, 'open').mockRejectedValue(new DOMException('sandboxed', 'SecurityError'));
  vi.spyOn(LockManager.prototype, 'request').mockRejectedValue(
    new DOMException('no origin', 'SecurityError'),
  );
  expect(await lines()).toEqual([
    expect.stringMatching(/^warning storage .*sandboxed.*allow-same-origin/),
    expect.stringMatching(/^warning locks .*no origin/),
  ]);
});

test('a GPU adapter that never comes does not hold up the rest', async () => {
  vi.stubGlobal('navigator', {
    ...navigatorParts(),
    gpu: { requestAdapter: () => new Promise(() => undefined) },
  });
  const { ok, findings } = await diagnose({ deadlineMs: 1000 });
  expect(ok).toBe(true);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'webgpu', severity: 'info' }));
});

function navigatorParts() {
  const { locks, storage } = navigator;
  return { locks, storage };
}

describe('an abort', () => {
  test('ends it before it begins', async () => {
    await expect(diagnose({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('ends it at once, and the worker with it', async () => {
    const ended = vi.spyOn(RealWorker.prototype, 'terminate');
    const controller = new AbortController();
    const running = diagnose({
      signal: controller.signal,
      spawn: () => {
        queueMicrotask(() => controller.abort());
        return new Worker(script(''));
      },
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(ended).toHaveBeenCalled();
  });
});

test.each([
  ["script-src 'self'", false],
  ["default-src 'self'", false],
  ["default-src 'self'; script-src 'self' 'wasm-unsafe-eval'", true],
  ["script-src 'unsafe-eval'", true],
  ["img-src 'self'", true],
  ['', true],
  ["script-src 'self' 'wasm-unsafe-eval', default-src 'none'", false],
])('the policy %j lets WebAssembly compile: %j', (policy, allowed) => {
  expect(allowsWebAssembly(policy)).toBe(allowed);
});
