import { createTask } from '@hayate/core';
import { imageClassification } from '@hayate/core/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { describeEngine, sampleUrl } from '@hayate/testing';
import { expect, test, vi } from 'vitest';
import { connectEngine } from './connect-engine';

const spawn = () => new Worker(new URL('./classify.worker.ts', import.meta.url), { type: 'module' });
const scriptUrl = (source: string) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));

describeEngine('an engine in a worker', model, () => connectEngine(spawn));

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
