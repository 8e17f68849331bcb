import { createTask, type Engine } from '@hayate/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { counting, countingModel, type CountingOptions } from './counting-task';
import { createRandom } from './random';

/** The engine under test, and how it differs from others. */
export interface StreamingEngine {
  /** An engine that knows {@link counting}. */
  make(): Engine;
  /** Whether pipelines run in a worker, where a blocked run can be ended and results are transferred. */
  readonly inWorker: boolean;
  /** How many partial results the run may emit before the listener has handled the first. */
  readonly onTheWay: number;
}

/** Tests the contract of an engine's partial results. */
export function describeStreaming(name: string, { make, inWorker, onTheWay }: StreamingEngine): void {
  describe(`partial results of ${name}`, () => {
    let engine: Engine;
    const task = () => createTask(engine, counting, { model: countingModel });
    beforeEach(() => {
      engine = make();
    });
    afterEach(() => engine.dispose());

    test('come in order, a thousand of them, and none after the result', async () => {
      const taken: number[] = [];
      let over = false;
      await task().run(1000, {
        onPartial(count) {
          expect(over).toBe(false);
          taken.push(count);
        },
      });
      over = true;
      expect(taken).toEqual(Array.from({ length: 1000 }, (_, place) => place + 1));
      await new Promise((resolve) => setTimeout(resolve, 50));
    });

    test('an abort at any of them ends the run, and the next run succeeds', async () => {
      const random = createRandom(7);
      const counter = task();
      for (let round = 0; round < 15; round += 1) {
        const controller = new AbortController();
        const at = 1 + random.below(200);
        let last = 0;
        const run = counter.run(200, {
          signal: controller.signal,
          onPartial(count) {
            last = count;
            if (count === at) controller.abort();
          },
        });
        await expect(run).rejects.toMatchObject({ name: 'AbortError' });
        expect(last).toBe(at);
        expect(counter.getSnapshot().status).toBe('ready');
      }
      const { emittedAt } = await counter.run(3);
      expect(emittedAt).toHaveLength(3);
    });

    test('a page that is busy for 300 ms gets them all, and they do not pile up', async () => {
      const taken: number[] = [];
      let busy = { from: 0, to: 0 };
      const { emittedAt } = await task().run(500, {
        onPartial(count) {
          taken.push(count);
          if (count !== 20) return;
          const from = performance.timeOrigin + performance.now();
          while (performance.timeOrigin + performance.now() - from < 300) void 0;
          busy = { from, to: performance.timeOrigin + performance.now() };
        },
      });
      expect(taken).toEqual(Array.from({ length: 500 }, (_, place) => place + 1));
      const meanwhile = emittedAt.filter((at) => at > busy.from && at < busy.to);
      expect(meanwhile.length).toBeLessThanOrEqual(onTheWay);
    });

    test('a listener that takes its time holds the run back, and does not use up its deadline', async () => {
      let held = 0;
      await task()
        .run(40, {
          deadlineMs: 150,
          async onPartial(count) {
            if (count !== 10) return;
            await new Promise((resolve) => setTimeout(resolve, 400));
            held = performance.timeOrigin + performance.now();
          },
        })
        .then(({ emittedAt }) => {
          expect(emittedAt.filter((at) => at < held).length).toBeLessThanOrEqual(10 + onTheWay);
        });
    });

    test('a deadline starts anew with each, and with each sign of progress', async () => {
      const control = { deadlineMs: 250 };
      const { emittedAt } = await task().run(8, { ...control, everyMs: 60 });
      expect(emittedAt).toHaveLength(8);
      await task().run(1, { ...control, everyMs: 60, silentMs: 600 });
    });

    test('a deadline ends a run that is stuck after some of them', async () => {
      const options: CountingOptions = { stuck: inWorker ? 'loop' : 'wait' };
      const counter = task();
      const taken: number[] = [];
      const run = counter.run(3, {
        ...options,
        deadlineMs: 300,
        onPartial: (count) => void taken.push(count),
      });
      await expect(run).rejects.toMatchObject({ code: 'deadline-exceeded', details: { deadlineMs: 300 } });
      expect(taken).toEqual([1, 2, 3]);
      await expect(counter.run(2)).resolves.toMatchObject({ emittedAt: { length: 2 } });
    });

    test('a loop over them ends with the result', async () => {
      const steps: unknown[] = [];
      for await (const step of task().stream(5)) {
        steps.push(step.type === 'partial' ? step.partial : step.output.emittedAt.length);
        if (step.type === 'result') expect(step.timings).toHaveProperty('total');
      }
      expect(steps).toEqual([1, 2, 3, 4, 5, 5]);
    });

    test('leaving the loop aborts the run, and another loop runs anew', async () => {
      const counter = task();
      const stream = counter.stream(100_000);
      for (let round = 0; round < 2; round += 1) {
        for await (const step of stream) {
          if (step.type === 'partial' && step.partial === 3) break;
        }
        await expect.poll(() => counter.queue).toMatchObject({ waiting: 0, running: 0 });
      }
      expect(counter.getSnapshot().status).toBe('ready');
    });

    test('a loop throws the error that ends the run', async () => {
      const counter = task();
      const controller = new AbortController();
      const seen: unknown[] = [];
      const loop = async () => {
        for await (const step of counter.stream(100, { signal: controller.signal })) {
          seen.push(step.type);
          if (seen.length === 4) controller.abort();
        }
      };
      await expect(loop()).rejects.toMatchObject({ name: 'AbortError' });
      expect(seen).toHaveLength(4);
    });

    test('the state has the newest of them, until the next run begins', async () => {
      const counter = task();
      const seen: (number | undefined)[] = [];
      counter.subscribe(() => {
        const state = counter.getSnapshot();
        if (state.status === 'running') seen.push(state.partial);
      });
      await counter.run(3);
      expect(counter.getSnapshot().partial).toBe(3);
      await counter.run(2);
      expect(seen).toEqual([undefined, 1, 2, 3, undefined, 1, 2]);
    });

    // On the caller's own thread nothing is transferred.
    if (!inWorker) return;
    test('16 MB of result are moved, not copied', async () => {
      const counter = task();
      const { data } = await counter.run(0, { dataBytes: 1 << 24 });
      expect(data).toHaveLength(1 << 24);
      // The buffer is detached in the worker, because it was transferred to the page.
      expect(await counter.run(0)).toMatchObject({ leftOfLastData: 0 });
    });
  });
}
