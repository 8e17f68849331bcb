import { createModelStore } from '@hayate/cache';
import {
  createTensor,
  definePipeline,
  defineTask,
  type FileStore,
  type LoadProgress,
  type LoadSession,
  type LoadSessionOptions,
  type Manifest,
  type ModelConfig,
  type PipelineSessionOptions,
  type Session,
} from '@hayate/core';
import { testModelUrl, tinySums } from '@hayate/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createEngine, type EngineOptions } from '../create-engine';

/** Adds and squares four numbers, by each session that the options name. */
const sums = defineTask<ModelConfig, readonly number[], object, Readonly<Record<string, readonly number[]>>>({
  name: 'sums',
  prepare: (value) => ({ value, transfer: [] }),
});

function pipeline(sessions: Readonly<Record<string, PipelineSessionOptions>> = { model: {} }) {
  return definePipeline(sums, {
    async load({ session }) {
      const loaded: Session[] = [];
      for (const [name, options] of Object.entries(sessions)) loaded.push(await session(name, options));
      return {
        async run(input) {
          const x = createTensor('float32', Float32Array.from(input as number[]), [4]);
          const outputs = await loaded[0]!.run({ x });
          return Object.fromEntries(
            Object.entries(outputs).map(([name, tensor]) => [
              name,
              tensor.location === 'cpu' ? Array.from(tensor.data as Float32Array) : [],
            ]),
          );
        },
        dispose: () => undefined,
      };
    },
  });
}

describe('loadModel', () => {
  const engines: ReturnType<typeof createEngine>[] = [];
  function make(options: Partial<EngineOptions> = {}) {
    const engine = createEngine({ pipelines: [pipeline()], backends: ['wasm'], ...options });
    engines.push(engine);
    return engine;
  }
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
  });

  test('a graph finds its external data among the model’s files', async () => {
    const model = await make().load(sums, { model: tinySums });
    expect((await model.run([1, 2, 3, 4])).output).toEqual({ sum: [11, 22, 33, 44], square: [1, 4, 9, 16] });
  });

  test('external data that is a Blob in the manifest is used as it is', async () => {
    const blob = new Blob([new Float32Array([1, 1, 1, 1])]);
    const files = { ...tinySums.files, weights: { url: 'mine.data', blob } };
    const model = await make().load(sums, { model: { ...tinySums, files } });
    expect((await model.run([1, 2, 3, 4])).output).toMatchObject({ sum: [2, 3, 4, 5] });
  });

  test.each([
    [
      'is not there',
      { ...tinySums.files['weights']!, url: new URL('no.data', tinySums.files['model']!.url).href },
      'model-unreachable',
    ],
    ['is another file', { ...tinySums.files['weights']!, sha256: '0'.repeat(64) }, 'model-corrupt'],
  ])('no part of a model is used when its external data %s', async (_, weights, code) => {
    const load = make().load(sums, { model: { ...tinySums, files: { ...tinySums.files, weights } } });
    await expect(load).rejects.toMatchObject({ code });
  });

  test('a manifest that names external data it does not have is refused', async () => {
    const { model } = tinySums.files;
    await expect(
      make().load(sums, { model: { ...tinySums, files: { model: model! } } }),
    ).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('"files.model.externalData.tiny-sums.data" names "weights"'),
    });
  });

  test('each session may choose its backends among the engine’s, and each is reported', async () => {
    const files = { ...tinySums.files, second: tinySums.files['model']! };
    const chosen = { second: { backends: ['wasm'] }, model: { backends: ['webgpu', 'wasm'] } } as const;
    const engine = make({ pipelines: [pipeline(chosen)], backends: ['webgpu', 'wasm'] });
    const model = await engine.load(sums, { model: { ...tinySums, files } });
    expect(model.sessions).toEqual([
      {
        name: 'model',
        backend: 'wasm',
        threads: 1,
        refused: [{ backend: 'webgpu', reason: expect.any(String) }],
      },
      { name: 'second', backend: 'wasm', threads: 1, refused: [] },
    ]);
    expect(model).toMatchObject({ backend: 'wasm', refused: [{ backend: 'webgpu' }] });
    const strict = make({ pipelines: [pipeline(chosen)] });
    expect((await strict.load(sums, { model: { ...tinySums, files } })).refused).toEqual([]);
  });

  test('another runtime takes the place of ONNX Runtime, with the model’s settings and files', async () => {
    const seen: { options?: LoadSessionOptions; graphBytes?: number; data?: string[] } = {};
    const loadSession: LoadSession = async (files, options) => {
      Object.assign(seen, {
        options,
        graphBytes: (await files.graph()).length,
        data: Object.keys(await files.externalData()),
      });
      return {
        backend: 'wasm',
        threads: 7,
        refused: [],
        inputs: [],
        outputs: [],
        run: () => Promise.resolve({ mine: createTensor('float32', new Float32Array([5]), [1]) }),
        dispose: () => Promise.resolve(),
      };
    };
    const config = { 'session.disable_quant_qdq': '1' };
    const model = await make({ loadSession, threads: 2 }).load(sums, {
      model: { ...tinySums, session: { config } },
    });
    expect(model.threads).toBe(7);
    expect((await model.run([1, 2, 3, 4])).output).toEqual({ mine: [5] });
    expect(seen).toMatchObject({
      options: { backends: ['wasm'], threads: 2, config },
      graphBytes: 183,
      data: ['tiny-sums.data'],
    });
  });

  test('a resolver finds the manifest of an address; other addresses are those of manifests', async () => {
    const asked: string[] = [];
    const engine = make({
      resolvers: [
        (url) => {
          asked.push(url);
          return Promise.resolve(url.endsWith('/sums/') ? tinySums : undefined);
        },
      ],
    });
    const model = await engine.load(sums, { model: 'https://models.test/sums/' });
    expect((await model.run([0, 0, 0, 0])).output).toMatchObject({ sum: [10, 20, 30, 40] });
    const labels = new URL(testModelUrl('coco-labels.json'));
    await expect(engine.load(sums, { model: labels })).rejects.toMatchObject({ code: 'bad-model' });
    expect(asked).toEqual(['https://models.test/sums/', labels.href]);
  });

  test('the manifest of a resolver is checked like any other', async () => {
    const resolvers = [() => Promise.resolve({ ...tinySums, id: 5 } as unknown as Manifest)];
    await expect(make({ resolvers }).load(sums, { model: 'https://models.test/' })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('"id" must be a string'),
    });
  });

  test('progress adds up all files of the model and of the runtime, known from the beginning', async () => {
    const totals = new Set<number | undefined>();
    let last: { readonly phase: string; readonly fraction: number | undefined } | undefined;
    await make().load(
      sums,
      { model: tinySums },
      {
        onProgress(progress) {
          totals.add(progress.totalBytes);
          last = progress;
        },
      },
    );
    expect(totals.has(undefined)).toBe(false);
    expect(last).toMatchObject({ phase: 'start', fraction: 1 });
  });

  test('the rate of the downloads and the time left are reported until all are complete', async () => {
    const told: LoadProgress[] = [];
    const inner = createModelStore();
    const store: FileStore = {
      ...inner,
      openFiles(model, options = {}) {
        const pace = { bytesPerSecond: 40, secondsLeft: 0 };
        options.onProgress?.({ phase: 'download', loadedBytes: 20, totalBytes: 100, ...pace });
        options.onProgress?.({ phase: 'store', loadedBytes: 100, totalBytes: 100, ...pace });
        return inner.openFiles(model, { ...options, onProgress: () => undefined });
      },
    };
    const loadSession: LoadSession = () => Promise.reject(new Error('no more is needed'));
    const onProgress = (progress: LoadProgress) => told.push(progress);
    const load = make({ store, loadSession }).load(sums, { model: tinySums }, { onProgress });
    await expect(load).rejects.toThrow('no more is needed');
    expect(told).toMatchObject([
      { phase: 'download', loadedBytes: 20, fraction: 0.2, bytesPerSecond: 40, secondsLeft: 2 },
      { phase: 'start', loadedBytes: 100, fraction: 1, bytesPerSecond: undefined, secondsLeft: undefined },
    ]);
  });
});
