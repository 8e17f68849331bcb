import { createFakeEngine, shout } from '@hayate/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { HayateError } from '../errors';
import { createTask, type TaskOptions } from './task';

describe('createTask', () => {
  let fake: ReturnType<typeof createFakeEngine>;
  const make = (options?: TaskOptions) => createTask(fake.engine, shout, { model: 'a' }, options);
  const began = (list: readonly unknown[], count = 1) =>
    vi.waitFor(() => {
      expect(list).toHaveLength(count);
    });

  beforeEach(() => {
    fake = createFakeEngine();
  });

  test('does nothing until it is subscribed to, loaded or run', () => {
    expect(make().getSnapshot()).toEqual({ status: 'idle', output: undefined, timings: undefined });
    expect(fake.models).toEqual([]);
  });

  test('loads once for a load and a run at the same time', async () => {
    const task = make();
    void task.load();
    const run = task.run('hi');
    await began(fake.loads);
    fake.loads[0]?.resolve();
    await began(fake.runs);
    fake.runs[0]?.resolve();
    expect(await run).toBe('HI');
    expect(fake.models).toHaveLength(1);
  });

  test('takes a config that was changed in place for another', async () => {
    const config = { model: 'a' };
    const task = createTask(fake.engine, shout, config);
    void task.load();
    await began(fake.loads);
    config.model = 'b';
    task.setConfig(config);
    void task.load();
    await began(fake.loads, 2);
    expect(fake.models).toEqual(['a', 'b']);
  });

  test('asks for no key where the config is as it was', () => {
    const key = vi.fn(shout.key);
    const task = createTask(fake.engine, { ...shout, key }, { model: 'a' });
    task.setConfig({ model: 'a' });
    expect(key).not.toHaveBeenCalled();
    task.setConfig({ model: 'b' });
    expect(key).toHaveBeenCalledTimes(2);
  });

  test('an older run that ends late resolves and does not change the state', async () => {
    const task = make();
    const first = task.run('first');
    const second = task.run('second');
    await began(fake.loads);
    fake.loads[0]?.resolve();
    await began(fake.runs, 2);
    fake.runs[1]?.resolve();
    await second;
    expect(task.getSnapshot()).toMatchObject({ status: 'ready', output: 'SECOND' });
    fake.runs[0]?.resolve();
    expect(await first).toBe('FIRST');
    expect(task.getSnapshot()).toMatchObject({ status: 'ready', output: 'SECOND' });
  });

  test('a failed load is an error, and the next call tries again', async () => {
    const task = make();
    const load = task.load();
    await began(fake.loads);
    fake.loads[0]?.reject(fake.failure);
    await expect(load).rejects.toBe(fake.failure);
    expect(task.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'session-failed' } });
    const again = task.load();
    await began(fake.loads, 2);
    fake.loads[1]?.resolve();
    await again;
    expect(task.getSnapshot()).toMatchObject({ status: 'ready', refused: [{ backend: 'webgpu' }] });
  });

  test('an abort of one caller does not abort the load for the others', async () => {
    const task = make();
    const controller = new AbortController();
    const impatient = task.load({ signal: controller.signal });
    const patient = task.load();
    await began(fake.loads);
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ name: 'AbortError' });
    fake.loads[0]?.resolve();
    await patient;
    expect(task.getSnapshot().status).toBe('ready');
  });

  test('release while loading aborts the load and sets the state to idle', async () => {
    const task = make();
    const load = task.load();
    await began(fake.loads);
    task.release();
    await expect(load).rejects.toMatchObject({ name: 'AbortError' });
    expect(task.getSnapshot().status).toBe('idle');
    expect(fake.live).toBe(0);
  });

  test('keeps the model over a quick remount and releases it afterwards', async () => {
    vi.useFakeTimers();
    try {
      const task = make({ keepAliveMs: 1000 });
      const stop = task.subscribe(() => undefined);
      await vi.advanceTimersByTimeAsync(0);
      fake.loads[0]?.resolve();
      await vi.advanceTimersByTimeAsync(0);
      stop();
      await vi.advanceTimersByTimeAsync(999);
      const stopAgain = task.subscribe(() => undefined);
      await vi.advanceTimersByTimeAsync(5000);
      expect(fake.live).toBe(1);
      expect(fake.models).toHaveLength(1);
      stopAgain();
      await vi.advanceTimersByTimeAsync(1000);
      expect(fake.live).toBe(0);
      expect(task.getSnapshot().status).toBe('idle');
    } finally {
      vi.useRealTimers();
    }
  });

  test('a worker that dies fails its run only; the model stays, because the engine loads it again', async () => {
    const task = make();
    const run = task.run('hi');
    const waiting = task.run('next');
    await began(fake.loads);
    fake.loads[0]?.resolve();
    await began(fake.runs, 2);
    fake.runs[0]?.reject(new HayateError('worker-crashed', 'It died.', { reason: 'a test' }));
    await expect(run).rejects.toMatchObject({ code: 'worker-crashed', retryable: true });
    fake.runs[1]?.resolve();
    expect(await waiting).toBe('NEXT');
    expect(task.getSnapshot()).toMatchObject({ status: 'ready', output: 'NEXT' });
    expect(fake.models).toHaveLength(1);
  });

  test('while the model loads, only the newest of the "latest" runs waits, and transferred inputs are closed', async () => {
    const task = make();
    const frames = [vi.fn(), vi.fn(), vi.fn()];
    const inputs = frames.map((close) => Object.assign(new String('frame'), { close }) as unknown as string);
    const options = { policy: 'latest', transfer: true } as const;
    const [first, second, third] = inputs.map((input) => task.run(input, options));
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    await expect(task.run('busy', { policy: 'reject' })).rejects.toMatchObject({ code: 'queue-full' });
    await began(fake.loads);
    fake.loads[0]?.resolve();
    await began(fake.runs);
    fake.runs[0]?.resolve();
    expect(await third).toBe('FRAME');
    expect(frames.map((close) => close.mock.calls.length)).toEqual([1, 1, 0]);
    expect(task.getSnapshot()).toMatchObject({ status: 'ready' });
    expect(task.queue).toMatchObject({ waiting: 0, running: 0 });
  });

  async function loaded(task = make()) {
    const loading = task.load();
    await began(fake.loads, fake.models.length || 1);
    fake.loads.at(-1)?.resolve();
    await loading;
    return task;
  }

  test('a model whose engine was disposed of is released before the next load', async () => {
    const task = await loaded();
    const run = task.run('hi');
    await began(fake.runs);
    fake.runs[0]?.reject(new HayateError('disposed', 'Gone.', {}));
    await expect(run).rejects.toMatchObject({ code: 'disposed' });
    expect(task.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'disposed' } });
    await vi.waitFor(() => {
      expect(fake.live).toBe(0);
    });
  });

  test('release during a run: a later load is ready, whether or not the run has ended', async () => {
    const task = await loaded();
    const run = task.run('hi');
    await began(fake.runs);
    task.release();
    expect(task.getSnapshot().status).toBe('idle');
    const again = task.load();
    await began(fake.loads, 2);
    fake.loads[1]?.resolve();
    await again;
    expect(task.getSnapshot().status).toBe('ready');
    fake.runs[0]?.resolve();
    expect(await run).toBe('HI');
    expect(task.getSnapshot()).toMatchObject({ status: 'ready', output: undefined });
  });

  test('release before the model is loaded ends a waiting run, not the next load', async () => {
    const task = make();
    const run = task.run('hi');
    task.release();
    const load = task.load();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    await began(fake.loads, 2);
    fake.loads[1]?.resolve();
    await load;
    expect(task.getSnapshot().status).toBe('ready');
    expect(fake.live).toBe(1);
  });

  test('an abort with any reason does not set the state to error', async () => {
    const task = await loaded();
    const controller = new AbortController();
    const run = task.run('hi', { signal: controller.signal });
    await began(fake.runs);
    controller.abort(new Error('my own reason'));
    await expect(run).rejects.toThrow('my own reason');
    expect(task.getSnapshot().status).toBe('ready');
  });

  test('load clears the error of a failed run', async () => {
    const task = await loaded();
    const run = task.run('hi');
    await began(fake.runs);
    fake.runs[0]?.reject(fake.failure);
    await expect(run).rejects.toBe(fake.failure);
    expect(task.getSnapshot().status).toBe('error');
    await task.load();
    expect(task.getSnapshot().status).toBe('ready');
    expect(fake.models).toHaveLength(1);
  });

  test('an older failure does not hide a newer run, and an aborted newer one does not hide an older output', async () => {
    const task = await loaded();
    const controller = new AbortController();
    const older = task.run('older');
    const newer = task.run('newer', { signal: controller.signal });
    await began(fake.runs, 2);
    controller.abort();
    await expect(newer).rejects.toMatchObject({ name: 'AbortError' });
    expect(task.getSnapshot().status).toBe('running');
    fake.runs[0]?.resolve();
    await older;
    expect(task.getSnapshot()).toMatchObject({ status: 'ready', output: 'OLDER' });
  });
});
