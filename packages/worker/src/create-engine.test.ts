import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  definePipeline,
  defineTask,
  HayateError,
  type AnyPipeline,
  type Manifest,
  type ModelSource,
  type FileStore,
} from '@hayate/core';
import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from './create-engine';

/** A task that returns its input, when the test calls `letGo`. */
const echo = defineTask<{ readonly model: ModelSource }, object, object, unknown>({
  name: 'image-classification',
  key: ({ model }) => (model as Manifest).id,
  plain: (config) => config,
  prepare: (value) => ({ value, transfer: [value as Transferable] }),
});

/** A store without storage, with only the methods that an engine calls. */
function storeOf(getFile: FileStore['getFile']): FileStore {
  const openFiles: FileStore['openFiles'] = async ({ files }, { signal, onVerified } = {}) => {
    const opened = Object.entries(files).map(async ([name, { url }]) => {
      const { bytes, ...rest } = await getFile(url, {
        ...(signal && { signal }),
        onVerified: (verified) => onVerified?.(name, verified),
      });
      const read = () => Promise.resolve(bytes);
      const close = () => undefined;
      return [name, { ...rest, blob: new Blob([bytes]), bytes: bytes.length, read, close }] as const;
    });
    return {
      files: Object.fromEntries(await Promise.all(opened)),
      persisted: true,
      close: () => undefined,
    };
  };
  return { getFile, openFiles } as FileStore;
}

describe('createEngine', () => {
  const events: string[] = [];
  let letGo: () => void = () => undefined;
  let fail: unknown;
  let loadFails: unknown;
  let warmUpFails: Error | undefined;

  const pipeline = definePipeline(echo, {
    async load({ session, file }) {
      if (loadFails !== undefined) {
        void session('model').catch(() => events.push('session ended'));
        await file('labels');
        throw loadFails;
      }
      return {
        async run(input) {
          events.push('run starts');
          await new Promise<void>((resolve) => (letGo = resolve));
          if (fail !== undefined) throw fail;
          events.push('run ends');
          return input;
        },
        warmUp() {
          return warmUpFails === undefined ? Promise.resolve() : Promise.reject(warmUpFails);
        },
        dispose() {
          events.push('disposed');
        },
      };
    },
  });
  const make = (store?: FileStore) =>
    createEngine({ pipelines: [pipeline as AnyPipeline], backends: ['wasm'], ...(store && { store }) });
  const config = { model: efficientnetLite0 };
  const started = () =>
    vi.waitFor(() => {
      expect(events).toContain('run starts');
    });

  beforeEach(() => {
    events.length = 0;
    fail = loadFails = warmUpFails = undefined;
  });
  afterEach(() => {
    letGo();
  });

  test('frees a model only after its current run', async () => {
    const engine = make();
    const model = await engine.load(echo, config);
    const run = model.run({});
    await started();
    const released = model.release();
    await Promise.resolve();
    letGo();
    await run;
    await released;
    expect(events).toEqual(['run starts', 'run ends', 'disposed']);
  });

  test('dispose waits until everything is freed', async () => {
    const engine = make();
    await engine.load(echo, config);
    await engine.dispose();
    expect(events).toEqual(['disposed']);
  });

  test('closes an input on every path: after a run, after release, after an abort', async () => {
    const engine = make();
    const model = await engine.load(echo, config);
    const close = vi.fn();
    const run = model.run({ close });
    await started();
    letGo();
    await run;
    expect(close).toHaveBeenCalledTimes(1);
    const aborted = model.run({ close }, {}, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    const late = model.run({ close });
    await model.release();
    await expect(late).rejects.toMatchObject({ code: 'disposed' });
    expect(close.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('a model whose GPU was lost is freed and loaded again', async () => {
    const engine = make();
    const model = await engine.load(echo, config);
    fail = new HayateError('device-lost', 'Gone.', { backend: 'webgpu', reason: 'a test' });
    const run = model.run({});
    await started();
    letGo();
    await expect(run).rejects.toMatchObject({ code: 'device-lost' });
    fail = undefined;
    const next = model.run({ name: 'again' });
    await vi.waitFor(() => {
      expect(events.filter((event) => event === 'run starts')).toHaveLength(2);
    });
    letGo();
    expect(await next).toMatchObject({ output: { name: 'again' } });
    expect(events.filter((event) => event === 'disposed')).toHaveLength(1);
  });

  test('a deadline settles the call, and the next run waits for the one that cannot be stopped', async () => {
    const engine = make();
    const model = await engine.load(echo, config);
    const slow = model.run({}, {}, { deadlineMs: 20 });
    await expect(slow).rejects.toMatchObject({ code: 'deadline-exceeded', details: { deadlineMs: 20 } });
    const next = model.run({ name: 'next' });
    await vi.waitFor(() => {
      expect(model.queue).toEqual({ waiting: 1, running: 1, dropped: 0, refused: 0 });
    });
    expect(events).toEqual(['run starts']);
    letGo();
    await vi.waitFor(() => {
      expect(events).toEqual(['run starts', 'run ends', 'run starts']);
    });
    letGo();
    expect(await next).toMatchObject({ output: { name: 'next' } });
  });

  test.each([{ policy: 'newest' }, { cancel: 'now' }, { priority: Number.NaN }, { deadlineMs: 0 }])(
    'refuses %o with bad-input',
    async (control) => {
      const model = await make().load(echo, config);
      const close = vi.fn();
      const given = { ...control, transfer: true } as object;
      await expect(model.run({ close }, {}, given)).rejects.toMatchObject({ code: 'bad-input' });
      expect(close).toHaveBeenCalledTimes(1);
    },
  );

  test('a load that fails disposes of the sessions it has started to load', async () => {
    loadFails = new Error('no luck');
    const engine = make();
    await expect(engine.load(echo, config)).rejects.toThrow('no luck');
    expect(events.filter((event) => event === 'disposed')).toEqual([]);
  });

  test('a model that cannot be warmed up is freed', async () => {
    warmUpFails = new Error('cold');
    const engine = make();
    await expect(engine.load(echo, config)).rejects.toThrow('cold');
    expect(events).toEqual(['disposed']);
  });

  test('an aborted load does not end the download of ONNX Runtime for the others', async () => {
    const gate = { open: () => undefined as void };
    const wait = new Promise<void>((resolve) => (gate.open = resolve));
    const signals: (AbortSignal | undefined)[] = [];
    const store = storeOf(async (url, { signal } = {}) => {
      if (String(url).includes('ort-wasm')) {
        signals.push(signal);
        await wait;
      }
      const bytes = new Uint8Array(await readFile(fileURLToPath(url)));
      return { bytes, sha256: '', persisted: false, from: 'network' as const };
    });
    const engine = make(store);
    const controller = new AbortController();
    const first = engine.load(echo, config, { signal: controller.signal });
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    gate.open();
    expect(signals.every((signal) => signal === undefined)).toBe(true);
    await engine.dispose();
  });

  test('starts a session while the store still writes, and is loaded once it has written', async () => {
    const gate = { open: () => undefined as void };
    const written = new Promise<void>((resolve) => (gate.open = resolve));
    const store = storeOf(async (url, { onVerified } = {}) => {
      const bytes = new Uint8Array(await readFile(fileURLToPath(url)));
      onVerified?.(bytes);
      await written;
      return { bytes, sha256: '', persisted: true, from: 'network' as const };
    });
    const withSession = definePipeline(echo, {
      async load(context) {
        await context.session('model');
        events.push('session');
        return { run: (input) => Promise.resolve(input), dispose: () => undefined };
      },
    }) as AnyPipeline;
    const engine = createEngine({ pipelines: [withSession], backends: ['wasm'], store });
    const loading = engine.load(echo, config).finally(() => events.push('loaded'));
    await vi.waitFor(() => expect(events).toEqual(['session']), { timeout: 20_000 });
    gate.open();
    await loading;
    expect(events).toEqual(['session', 'loaded']);
    await engine.dispose();
  }, 30_000);

  test('a model that is not an address or a manifest is refused before anything is fetched', async () => {
    const { imageClassification } = await import('@hayate/vision/tasks/image-classification');
    const engine = make();
    await expect(engine.load(imageClassification, { model: 'no address' })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(engine.load(imageClassification, { model: {} as Manifest })).rejects.toMatchObject({
      code: 'bad-model',
    });
  });
});
