import {
  createTask,
  type Engine,
  type Manifest,
  type ModelPlacement,
  type RunControl,
  type Store,
  type Task,
} from '@hayate/core';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from './random';
import { sampleReferences, sampleUrl } from './samples';
import { skipWithoutWebgl } from './skip-unless';
import { tinyClassifier, tinyError } from './tiny-classifier';

/** The largest difference of a score from the reference's. Decoders of JPEG differ; those of PNG do not. */
const TOLERANCE = { png: 0.001, jpg: 0.01 };

/** The options that {@link describeEngine} sets. */
export interface EngineSettings {
  readonly queue?: { readonly limit?: number; readonly maxBatch?: number };
}

/** An engine with a list of its loaded models, which every engine of `@hayate/worker` has. */
export interface ListingEngine extends Engine {
  readonly models: Store<
    readonly { readonly task: string; readonly key: string; readonly placement: ModelPlacement }[]
  >;
}

const photoOf = async (file: string) => (await fetch(sampleUrl(file))).blob();

/** Waits until requested runs are in the queue: preparing a file takes only microtasks. */
async function takenUp(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** The names of the store's files in the origin private file system. */
async function keptNames(): Promise<readonly string[]> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('hayate', { create: true });
  const names: string[] = [];
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
  return names.sort();
}

/** Tests the contract of an engine, with real models and photos. */
export function describeEngine(
  name: string,
  model: Manifest,
  makeEngine: (settings?: EngineSettings) => ListingEngine,
): void {
  // Tests that only classify photos share an engine.
  describe(`${name}, once it is loaded,`, () => {
    let engine: Engine;
    let task: Task<typeof imageClassification>;
    beforeAll(async () => {
      engine = makeEngine();
      task = createTask(engine, imageClassification, { model });
      await task.load();
    }, 60_000);
    afterAll(() => engine.dispose());

    const samples = Object.entries(sampleReferences).filter(([, { top5, exact }]) => top5 && exact);
    test.each(samples)('gives the labels of the Python reference for %s', async (file, { top5 = [] }) => {
      const photo = await photoOf(file);
      const labels = await task.run(photo);
      expect(labels.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
      const tolerance = file.endsWith('.png') ? TOLERANCE.png : TOLERANCE.jpg;
      labels.forEach(({ score }, place) => {
        expect(Math.abs(score - (top5[place]?.score ?? Number.NaN))).toBeLessThan(tolerance);
      });
    });

    test('ignores the alpha of a PNG, as convert("RGB") does', async (context) => {
      skipWithoutWebgl(context);
      const photo = await photoOf('edge/alpha.png');
      const labels = await task.run(photo);
      const { top5 = [] } = sampleReferences['edge/alpha.png'] ?? {};
      expect(labels.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
    });

    test.each(['edge/empty.jpg', 'edge/not-a-photo.jpg'])('refuses %s with bad-input', async (file) => {
      const photo = await photoOf(file);
      await expect(task.run(photo)).rejects.toMatchObject({ name: 'HayateError', code: 'bad-input' });
    });

    test('refuses an option out of range with bad-input', async () => {
      const photo = await photoOf('chelsea.jpg');
      await expect(task.run(photo, { topK: 0 })).rejects.toMatchObject({ code: 'bad-input' });
    });
  });

  describe(name, () => {
    let engine: ListingEngine;
    const tiny = async (settings?: EngineSettings) => {
      engine = makeEngine(settings);
      return engine.load(imageClassification, { model: tinyClassifier });
    };
    afterEach(() => engine.dispose());

    test('runs a model from a Blob, and stores nothing', async () => {
      const { url = '' } = tinyClassifier.files['model'] ?? {};
      const blob = await (await fetch(url)).blob();
      const inHand = (more: object): Manifest => ({
        ...tinyClassifier,
        files: { model: { url: 'in-hand.onnx', blob, ...more } },
      });
      await tiny();
      const kept = await keptNames(); // ONNX Runtime and the kernels are among them
      const loaded = await engine.load(imageClassification, { model: inHand({ bytes: blob.size }) });
      const { output } = await loaded.run(await photoOf('chelsea.png'), { topK: 10 });
      expect(tinyError('chelsea.png', output)).toBeLessThan(1e-3);
      for (const promised of [{ bytes: 1 }, { sha256: '0'.repeat(64) }]) {
        // Another Blob, because the same Blob would be the model that is loaded already.
        const load = engine.load(imageClassification, { model: inHand({ ...promised, blob: blob.slice() }) });
        await expect(load).rejects.toMatchObject({ code: 'model-corrupt' });
      }
      // Nothing was downloaded; files without a record may have been removed meanwhile.
      expect(kept).toEqual(expect.arrayContaining([...(await keptNames())]));
    });

    test('a file with another digest is model-corrupt', async () => {
      engine = makeEngine();
      const files = {
        ...model.files,
        model: { ...model.files['labels'], sha256: '0'.repeat(64) },
      } as Manifest['files'];
      const task = createTask(engine, imageClassification, { model: { ...model, files } });
      await expect(task.load()).rejects.toMatchObject({
        code: 'model-corrupt',
        details: { expected: expect.any(String) },
      });
    });

    test('a missing file is model-unreachable with its status', async () => {
      engine = makeEngine();
      const { sha256: _, ...file } = { ...model.files['model'], url: sampleUrl('no-such-file.onnx') };
      const task = createTask(engine, imageClassification, {
        model: { ...model, files: { ...model.files, model: file } },
      });
      await expect(task.load()).rejects.toMatchObject({
        code: expect.stringMatching(/^model-(unreachable|corrupt)$/),
      });
    });

    test('a task without pipeline is unknown-task', async () => {
      engine = makeEngine();
      const contract = { ...imageClassification, name: 'no-such-task' };
      await expect(engine.load(contract, { model })).rejects.toMatchObject({
        code: 'unknown-task',
        details: { task: 'no-such-task', known: ['image-classification'] },
      });
    });

    test('an abort settles loading and running with AbortError', async () => {
      engine = makeEngine();
      const loading = new AbortController();
      const load = engine.load(imageClassification, { model }, { signal: loading.signal });
      loading.abort();
      await expect(load).rejects.toMatchObject({ name: 'AbortError' });

      const loaded = await engine.load(imageClassification, { model });
      const running = new AbortController();
      const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
      const run = loaded.run(photo, {}, { signal: running.signal });
      running.abort();
      await expect(run).rejects.toMatchObject({ name: 'AbortError' });
      await expect(loaded.run(photo)).resolves.toMatchObject({ output: { length: 5 } });
    });

    test('lists its loaded models, each once, and where each runs', async () => {
      engine = makeEngine();
      const listed = () => engine.models.getSnapshot();
      expect(listed()).toEqual([]);
      let changes = 0;
      const stop = engine.models.subscribe(() => (changes += 1));
      const other = { ...tinyClassifier, id: 'another tiny one' };
      const held = [];
      for (const each of [tinyClassifier, tinyClassifier, other]) {
        held.push(await engine.load(imageClassification, { model: each }));
      }
      const [first, second] = held;
      const { backend, threads, refused, sessions } = first!;
      const placement = { backend, threads, refused, sessions };
      const entry = { task: 'image-classification', key: imageClassification.key({ model: tinyClassifier }) };
      expect(listed()).toMatchObject([
        { ...entry, placement },
        { task: entry.task, placement },
      ]);
      await first!.release();
      expect(listed()).toHaveLength(2);
      await second!.release();
      expect(listed()).toMatchObject([{ key: imageClassification.key({ model: other }) }]);
      expect(changes).toBe(3);
      stop();
      await engine.dispose();
      expect(listed()).toEqual([]);
    });

    test('after dispose every call is refused with disposed', async () => {
      engine = makeEngine();
      await engine.dispose();
      await expect(engine.load(imageClassification, { model })).rejects.toMatchObject({ code: 'disposed' });
    });

    test('returns the time of each stage', async () => {
      engine = makeEngine();
      const loaded = await engine.load(imageClassification, { model });
      const { timings } = await loaded.run(await (await fetch(sampleUrl('chelsea.jpg'))).blob());
      expect(Object.keys(timings).sort()).toEqual(
        ['copy', 'decode', 'inference', 'postprocess', 'preprocess', 'queue', 'send', 'total'].sort(),
      );
      const { total, ...stages } = timings as Record<string, number> & { total: number };
      const sum = Object.values(stages).reduce((left, right) => left + right, 0);
      expect(sum).toBeLessThanOrEqual(total + 1);
    });

    test('runs wait in a queue: by priority, bounded, counted', async () => {
      engine = makeEngine({ queue: { limit: 2 } });
      const loaded = await engine.load(imageClassification, { model });
      const photo = await photoOf('chelsea.png');
      const done: string[] = [];
      const run = (label: string, control: RunControl = {}) =>
        loaded.run(photo, {}, control).then(({ output }) => {
          done.push(label);
          return output;
        });
      const first = run('first');
      await takenUp();
      expect(loaded.queue.running).toBe(1);
      const runs = [first, run('patient'), run('urgent', { priority: 1 })];
      await takenUp();
      expect(loaded.queue.waiting).toBe(2);
      await expect(run('too many')).rejects.toMatchObject({ code: 'queue-full', details: { limit: 2 } });
      await expect(run('hasty', { policy: 'reject' })).rejects.toMatchObject({
        code: 'queue-full',
        retryable: true,
      });
      for (const output of await Promise.all(runs)) expect(output).toHaveLength(5);
      expect(done).toEqual(['first', 'urgent', 'patient']);
      expect(loaded.queue).toEqual({ waiting: 0, running: 0, dropped: 0, refused: 2 });
    });

    test('"latest" keeps the newest frame and closes the others; transferred inputs are closed on every path', async () => {
      const loaded = await tiny();
      const bitmap = await createImageBitmap(await photoOf('chelsea.png'));
      const frames = Array.from({ length: 6 }, (_, timestamp) => new VideoFrame(bitmap, { timestamp }));
      const control = { policy: 'latest', transfer: true } as const;
      const settled = await Promise.allSettled(
        frames.map((frame) => loaded.run(frame, { topK: 10 }, control)),
      );
      const answers = settled.filter(({ status }) => status === 'fulfilled');
      expect(settled.at(-1)?.status).toBe('fulfilled');
      expect(answers.length).toBeLessThanOrEqual(2);
      expect(loaded.queue.dropped).toBe(frames.length - answers.length);
      const [aborted, refused] = [0, 1].map((timestamp) => new VideoFrame(bitmap, { timestamp }));
      const signal = AbortSignal.abort();
      await expect(loaded.run(aborted!, {}, { transfer: true, signal })).rejects.toThrow();
      await expect(loaded.run(refused!, { topK: 0 }, { transfer: true })).rejects.toThrow();
      // A closed frame has no format.
      for (const frame of [...frames, aborted!, refused!]) expect(frame.format).toBeNull();
      const kept = new VideoFrame(bitmap, { timestamp: 0 });
      await loaded.run(kept);
      expect(kept.format).not.toBeNull();
      kept.close();
    });

    test('equal runs that wait go as one batch, with the same results as alone', async () => {
      const loaded = await tiny({ queue: { maxBatch: 4 } });
      expect(loaded.maxBatch).toBeGreaterThan(1);
      const names = ['chelsea.png', 'astronaut.png', 'coffee.png'] as const;
      const photos = await Promise.all(names.map(photoOf));
      const alone: unknown[] = [];
      for (const photo of photos) alone.push((await loaded.run(photo, { topK: 10 })).output);
      const bad = await photoOf('edge/not-a-photo.jpg');
      const inputs = [photos[0]!, ...photos, bad];
      const settled = await Promise.allSettled(inputs.map((photo) => loaded.run(photo, { topK: 10 })));
      const outputs = settled.map((result) => result.status === 'fulfilled' && result.value.output);
      expect(outputs).toEqual([alone[0], ...alone, false]);
      expect(settled.at(-1)).toMatchObject({ reason: { code: 'bad-input' } });
    });

    test('an abort at any moment settles the call and leaves nothing behind', async () => {
      const random = createRandom(5);
      const loaded = await tiny();
      const photo = await photoOf('chelsea.png');
      for (let round = 0; round < 40; round += 1) {
        const controller = new AbortController();
        const { signal } = controller;
        const call = random.rarely(3)
          ? engine
              .load(imageClassification, { model: { ...tinyClassifier, id: `tiny ${round}` } }, { signal })
              .then((other) => other.release())
          : loaded.run(photo, {}, { signal });
        const settled = call.then(
          () => 'done',
          (error: unknown) => (error as Error).name,
        );
        await new Promise((resolve) => setTimeout(resolve, random.below(12)));
        controller.abort();
        expect(['done', 'AbortError']).toContain(await settled);
      }
      await expect.poll(() => loaded.queue).toMatchObject({ waiting: 0, running: 0 });
      const { output } = await loaded.run(photo, { topK: 10 });
      expect(tinyError('chelsea.png', output)).toBeLessThan(1e-4);
    });

    test('accepts a canvas, image data, bytes and a stream, and moves those that are transferred', async () => {
      const loaded = await tiny();
      const photo = await photoOf('chelsea.png');
      const bitmap = await createImageBitmap(photo, { colorSpaceConversion: 'none' });
      const canvas = () => {
        const made = new OffscreenCanvas(bitmap.width, bitmap.height);
        made.getContext('2d')?.drawImage(bitmap, 0, 0);
        return made;
      };
      const pixels = () => canvas().getContext('2d')!.getImageData(0, 0, bitmap.width, bitmap.height);
      const bytes = await photo.arrayBuffer();
      const moved = { buffer: bytes.slice(0), data: pixels(), bitmap: await createImageBitmap(bitmap) };
      for (const input of [bytes, pixels(), canvas(), photo.stream(), bitmap]) {
        const { output } = await loaded.run(input, { topK: 10 });
        expect(tinyError('chelsea.png', output)).toBeLessThan(1e-4);
      }
      for (const input of [moved.buffer, moved.data, canvas(), moved.bitmap, photo.stream()]) {
        const { output } = await loaded.run(input, { topK: 10 }, { transfer: true });
        expect(tinyError('chelsea.png', output)).toBeLessThan(1e-4);
      }
      expect(moved.bitmap.width).toBe(0);
      expect(bytes.byteLength).toBeGreaterThan(0);
      expect(bitmap.width).toBeGreaterThan(0);
    });
  });
}
