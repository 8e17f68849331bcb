import { createTask, type Engine, type Manifest } from '@hayate/core';
import { imageClassification } from '@hayate/core/tasks/image-classification';
import { afterEach, describe, expect, test } from 'vitest';
import { sampleReferences, sampleUrl } from './samples';
import { skipWithoutWebgl } from './skip-unless';

/** How far a score may be from the reference's: decoders of JPEG differ, those of PNG do not. */
const TOLERANCE = { png: 0.001, jpg: 0.01 };

/** The contract of an engine, over a real model and real photos. */
export function describeEngine(name: string, model: Manifest, makeEngine: () => Engine): void {
  describe(name, () => {
    let engine: Engine;
    const classify = (input: Blob | ImageBitmap, options = {}) => {
      engine = makeEngine();
      return createTask(engine, imageClassification, { model }).run(input, options);
    };
    afterEach(() => engine.dispose());

    const samples = Object.entries(sampleReferences).filter(([, { top5, exact }]) => top5 && exact);
    test.each(samples)('gives the labels of the Python reference for %s', async (file, { top5 = [] }) => {
      const photo = await (await fetch(sampleUrl(file))).blob();
      const labels = await classify(photo);
      expect(labels.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
      const tolerance = file.endsWith('.png') ? TOLERANCE.png : TOLERANCE.jpg;
      labels.forEach(({ score }, place) => {
        expect(Math.abs(score - (top5[place]?.score ?? Number.NaN))).toBeLessThan(tolerance);
      });
    });

    test('ignores the alpha of a PNG, as convert("RGB") does', async (context) => {
      skipWithoutWebgl(context);
      const photo = await (await fetch(sampleUrl('edge/alpha.png'))).blob();
      const labels = await classify(photo);
      const { top5 = [] } = sampleReferences['edge/alpha.png'] ?? {};
      expect(labels.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
    });

    test.each(['edge/empty.jpg', 'edge/not-a-photo.jpg'])('refuses %s with bad-input', async (file) => {
      const photo = await (await fetch(sampleUrl(file))).blob();
      await expect(classify(photo)).rejects.toMatchObject({ name: 'HayateError', code: 'bad-input' });
    });

    test('refuses an option out of range with bad-input', async () => {
      const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
      await expect(classify(photo, { topK: 0 })).rejects.toMatchObject({ code: 'bad-input' });
    });

    test('a file that is not the promised one is model-corrupt', async () => {
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

    test('after dispose every call is refused with disposed', async () => {
      engine = makeEngine();
      await engine.dispose();
      await expect(engine.load(imageClassification, { model })).rejects.toMatchObject({ code: 'disposed' });
    });

    test('tells the time of each stage', async () => {
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
  });
}
