import { createTask } from '@hayate/core';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { describeEngine, sampleUrl } from '@hayate/testing';
import { expect, test, vi } from 'vitest';
import { connectEngine } from './connect-engine';

const spawn = () => new Worker(new URL('./faulty.test.worker.ts', import.meta.url), { type: 'module' });
const scriptUrl = (source: string) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));

describeEngine('an engine in a worker', model, (settings) => connectEngine(spawn, settings));

test('a missing worker script is worker-unreachable', async () => {
  const engine = connectEngine(() => new Worker('/no-such-worker.js'));
  await expect(engine.load(imageClassification, { model })).rejects.toMatchObject({
    code: 'worker-unreachable',
  });
});

test('a worker that never answers is worker-unreachable after the deadline', async () => {
  const engine = connectEngine(() => new Worker(scriptUrl('')), { startDeadlineMs: 50 });
  await expect(engine.load(imageClassification, { model })).rejects.toMatchObject({
    code: 'worker-unreachable',
  });
});

test('a worker that dies settles the calls that wait, and the next run starts a new one', async () => {
  const workers: Worker[] = [];
  const engine = connectEngine(() => {
    const worker = spawn();
    workers.push(worker);
    return worker;
  });
  const task = createTask(engine, imageClassification, { model });
  const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
  await task.load();
  const run = task.run(photo);
  workers[0]?.terminate();
  await expect(run).rejects.toMatchObject({ code: 'worker-crashed' });
  expect(task.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'worker-crashed' } });
  expect(await task.run(photo)).toHaveLength(5);
  expect(workers).toHaveLength(2);
  await engine.dispose();
});

test('dispose settles the calls that wait', async () => {
  const engine = connectEngine(spawn);
  const loading = engine.load(imageClassification, { model });
  await engine.dispose();
  await expect(loading).rejects.toMatchObject({ code: 'disposed' });
});

test("the caller's bitmap stays usable", async () => {
  const engine = connectEngine(spawn);
  const photo = await createImageBitmap(await (await fetch(sampleUrl('chelsea.png'))).blob());
  const task = createTask(engine, imageClassification, { model });
  const first = await task.run(photo);
  expect(await task.run(photo)).toEqual(first);
  expect(photo.width).toBe(451);
  await engine.dispose();
});

test('two tasks share one model, and the download tells its bytes', async () => {
  const engine = connectEngine(spawn);
  const onProgress = vi.fn();
  const [one, two] = await Promise.all([
    engine.load(imageClassification, { model }, { onProgress }),
    engine.load(imageClassification, { model }),
  ]);
  await one.release();
  const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
  expect((await two.run(photo)).output).toHaveLength(5);
  expect(onProgress).toHaveBeenCalledWith(expect.objectContaining({ phase: 'start', fraction: 1 }));
  await engine.dispose();
});

test('a config that is not plain data can be sent: an address, a proxy, a relative manifest', async () => {
  const engine = connectEngine(spawn);
  const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
  const byProxy = createTask(engine, imageClassification, { model: new Proxy(model, {}) });
  expect(await byProxy.run(photo)).toHaveLength(5);
  const address = new URL('manifest.json', model.files.model!.url);
  const byUrl = createTask(engine, imageClassification, { model: address });
  expect(await byUrl.run(photo)).toHaveLength(5);
  const bad = createTask(engine, imageClassification, { model: 'http://[' });
  await expect(bad.load()).rejects.toMatchObject({ code: 'bad-input' });
  await engine.dispose();
});

test('an input that cannot be sent is bad-input, and the engine goes on', async () => {
  const engine = connectEngine(spawn);
  const task = createTask(engine, imageClassification, { model });
  const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
  const options = { topK: (() => 5) as unknown as number };
  await expect(task.run(photo, options)).rejects.toMatchObject({ code: 'bad-input' });
  expect(await task.run(photo)).toHaveLength(5);
  await engine.dispose();
});

test('an abort settles a run whose picture never arrives', async () => {
  const engine = connectEngine(spawn);
  const task = createTask(engine, imageClassification, { model });
  await task.load();
  const img = new Image();
  img.decode = () => new Promise(() => undefined);
  const controller = new AbortController();
  const run = task.run(img, { signal: controller.signal });
  controller.abort();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  await engine.dispose();
});

test('an error in the worker that nobody catches ends it, and the next run goes on', async () => {
  const workers: Worker[] = [];
  const engine = connectEngine(() => {
    const worker = spawn();
    workers.push(worker);
    return worker;
  });
  const loaded = await engine.load(imageClassification, { model });
  const photo = await (await fetch(sampleUrl('chelsea.jpg'))).blob();
  const run = loaded.run(photo);
  workers[0]?.postMessage('throw');
  await expect(run).rejects.toMatchObject({ code: 'worker-crashed' });
  const next = await engine.load(imageClassification, { model });
  expect((await next.run(photo)).output).toHaveLength(5);
  await engine.dispose();
});
