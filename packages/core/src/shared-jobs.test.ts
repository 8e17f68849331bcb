import { describe, expect, test, vi } from 'vitest';
import { createDeferred } from './async';
import { createSharedJobs } from './shared-jobs';

type Start = Parameters<ReturnType<typeof createSharedJobs<number[], number>>['join']>[1];

function setUp(options: Parameters<typeof createSharedJobs<number[], number>>[0] = {}) {
  const jobs = createSharedJobs<number[], number>(options);
  const deferred = createDeferred<number[]>();
  let report: Parameters<Start>[1] = () => undefined;
  let signal = new AbortController().signal;
  const start = vi.fn<Start>((own, onProgress) => {
    signal = own;
    report = onProgress;
    return deferred.promise;
  });
  return {
    ...{ jobs, deferred, start },
    join: () => jobs.join('key', start),
    report: (progress: number) => report(progress),
    isAborted: () => signal.aborted,
  };
}

describe('createSharedJobs', () => {
  test('runs one job for all callers at the same time, and a new one after it', async () => {
    const { jobs, join, start, deferred } = setUp();
    const shares = [join(), join()];
    jobs.join('other', start);
    deferred.resolve([1]);
    expect(await Promise.all(shares.map((share) => share.wait(undefined, undefined)))).toEqual([[1], [1]]);
    expect(start).toHaveBeenCalledTimes(2);
    join();
    expect(start).toHaveBeenCalledTimes(3);
  });

  test('with `keepsValues`, keeps a value until its last share is released', async () => {
    const end = vi.fn();
    const { join, start, deferred } = setUp({ keepsValues: true, end });
    const one = join();
    deferred.resolve([1]);
    await one.wait(undefined, undefined);
    const other = join();
    expect(await other.wait(undefined, undefined)).toEqual([1]);
    await one.release();
    await one.release();
    expect(end).not.toHaveBeenCalled();
    await other.release();
    expect(end).toHaveBeenCalledTimes(1);
    join();
    expect(start).toHaveBeenCalledTimes(2);
  });

  test('copies the value for callers that joined, before the first can change it', async () => {
    const { join, deferred } = setUp({ copy: (value) => [...value] });
    const first = join()
      .wait(undefined, undefined)
      .then((value) => value.splice(0));
    // With a signal, `wait` resolves some microtasks later.
    const second = join().wait(new AbortController().signal, undefined);
    deferred.resolve([1, 2]);
    await first;
    expect(await second).toEqual([1, 2]);
  });

  test('reports progress to all, the latest to a later caller, and twice to a listener that is passed twice', async () => {
    const { join, report, deferred } = setUp();
    const listener = vi.fn();
    const one = join().wait(undefined, listener);
    report(1);
    const other = join().wait(undefined, listener);
    report(2);
    expect(listener.mock.calls).toEqual([[1], [1], [2], [2]]);
    deferred.resolve([]);
    await Promise.all([one, other]);
  });

  test('an abort settles one caller; the job ends when the last share is released', async () => {
    const { join, start, isAborted } = setUp();
    const [one, other] = [join(), join()];
    const controller = new AbortController();
    const call = one.wait(controller.signal, undefined);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await one.release();
    expect(isAborted()).toBe(false);
    await other.release();
    expect(isAborted()).toBe(true);
    join();
    expect(start).toHaveBeenCalledTimes(2);
  });

  test('forgets a failure', async () => {
    const { join, start, deferred } = setUp({ keepsValues: true });
    const call = join().wait(undefined, undefined);
    deferred.reject(new Error('no'));
    await expect(call).rejects.toThrow('no');
    join();
    expect(start).toHaveBeenCalledTimes(2);
  });

  test('ends all jobs, each of them once; a later release waits for that end', async () => {
    const [end, endAll] = [vi.fn(), vi.fn()];
    const { jobs, join, start } = setUp({ end });
    const share = join();
    const ended = createDeferred();
    const cleared = jobs.clear((job) => {
      endAll(job);
      return ended.promise;
    });
    const settled: string[] = [];
    const both = [
      cleared.then(() => settled.push('cleared')),
      share.release().then(() => settled.push('released')),
    ];
    await new Promise((resolve) => setTimeout(resolve));
    expect(settled).toEqual([]);
    ended.resolve();
    await Promise.all(both);
    expect(end).not.toHaveBeenCalled();
    expect(endAll).toHaveBeenCalledTimes(1);
    join();
    expect(start).toHaveBeenCalledTimes(2);
  });
});
