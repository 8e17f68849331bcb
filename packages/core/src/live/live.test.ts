// Found through the root package: core cannot depend on testing, which depends on core.
import { createFakeEngine, shout } from '@hayate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HayateError } from '../errors';
import { createLive, type Frame, type LiveOptions, type LiveResult } from './live';
import { createTask } from '../task/task';

/** A source whose frames come from the test. Records which of them were closed. */
function createFedSource() {
  const closed: string[] = [];
  const starts: string[] = [];
  let returned = 0;
  type Step = IteratorResult<Frame<string>> | Promise<never>;
  let waiting: ((step: Step) => void) | undefined;
  const queue: Step[] = [];
  const give = (step: Step) => {
    if (waiting) waiting(step);
    else queue.push(step);
    waiting = undefined;
  };
  return {
    closed,
    starts,
    get returned() {
      return returned;
    },
    /** Whether the live task has asked for a frame and has not received it. */
    get asked() {
      return waiting !== undefined;
    },
    async feed(name: string, timeMs = 0) {
      await vi.waitFor(() => {
        expect(waiting).toBeDefined();
      });
      const image = Object.assign(new String(name), { close: () => closed.push(name) }) as unknown as string;
      give({ done: false, value: { input: image, timeMs } });
      await Promise.resolve();
    },
    end: () => {
      give({ done: true, value: undefined });
    },
    fail: (error: Error) => {
      give(Promise.reject(error));
    },
    source: {
      [Symbol.asyncIterator]: () => {
        starts.push('start');
        return {
          next: () => {
            const [step] = queue.splice(0, 1);
            return step
              ? Promise.resolve(step)
              : new Promise<IteratorResult<Frame<string>>>((resolve) => (waiting = resolve));
          },
          return: () => {
            returned += 1;
            return Promise.resolve({ done: true as const, value: undefined });
          },
        };
      },
    },
  };
}

describe('createLive', () => {
  let fake: ReturnType<typeof createFakeEngine>;
  let fed: ReturnType<typeof createFedSource>;

  beforeEach(() => {
    fake = createFakeEngine();
    fed = createFedSource();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const open = (options: LiveOptions<typeof shout> = {}) => {
    const task = createTask(fake.engine, shout, { model: 'a' });
    const live = createLive<typeof shout>(task, fed.source, options);
    return { task, live };
  };
  const runs = (count: number) =>
    vi.waitFor(() => {
      expect(fake.runs).toHaveLength(count);
    });
  const loaded = async () => {
    await vi.waitFor(() => {
      expect(fake.loads.length).toBeGreaterThan(0);
    });
    fake.loads.at(-1)!.resolve();
  };
  const statusIs = (live: ReturnType<typeof open>['live'], status: string) =>
    vi.waitFor(() => {
      expect(live.getSnapshot().status).toBe(status);
    });

  /** Waits until all pending promise callbacks have run. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('does nothing until it is started, then loads and runs', async () => {
    const { live } = open();
    expect(live.getSnapshot().status).toBe('idle');
    expect(fed.starts).toEqual([]);
    live.start();
    live.start();
    expect(live.getSnapshot().status).toBe('starting');
    await loaded();
    await statusIs(live, 'running');
    await fed.feed('one', 40);
    await runs(1);
    fake.runs[0]!.resolve();
    await vi.waitFor(() => {
      expect(live.getSnapshot()).toMatchObject({ output: 'ONE', timeMs: 40, timings: { total: 1 } });
    });
    expect(fed.starts).toHaveLength(1);
    live.stop();
  });

  it('runs the newest frame, closes and counts the ones between, and gives results in order', async () => {
    const seen: string[] = [];
    const results: [string, number][] = [];
    const { live } = open({
      onFrame: ({ input }) => seen.push(String(input)),
      onResult: ({ output, frame }) => results.push([output, frame.timeMs]),
    });
    live.start();
    await loaded();
    await statusIs(live, 'running');
    await fed.feed('a', 1);
    await runs(1);
    for (const [index, name] of ['b', 'c', 'd'].entries()) await fed.feed(name, index + 2);
    await vi.waitFor(() => {
      expect(fed.closed).toEqual(['b', 'c']);
    });
    fake.runs[0]!.resolve();
    await runs(2);
    fake.runs[1]!.resolve();
    await vi.waitFor(() => {
      expect(results).toEqual([
        ['A', 1],
        ['D', 4],
      ]);
    });
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    await vi.waitFor(() => {
      expect(fed.closed).toEqual(['b', 'c', 'a', 'd']);
    });
    expect(live.getSnapshot().stats).toMatchObject({ received: 4, dropped: 2, results: 2, failed: 0 });
    live.stop();
  });

  it('with `all`, makes the source wait and drops nothing', async () => {
    const { live } = open({ frames: 'all' });
    live.start();
    await loaded();
    await statusIs(live, 'running');
    await fed.feed('a');
    await runs(1);
    await fed.feed('b');
    await Promise.resolve();
    expect(fed.asked).toBe(false);
    fake.runs[0]!.resolve();
    await runs(2);
    fake.runs[1]!.resolve();
    fed.end();
    await statusIs(live, 'idle');
    expect(live.getSnapshot().stats).toMatchObject({ received: 2, dropped: 0, results: 2 });
  });

  it('does not count frames that arrive while the model loads', async () => {
    const { live } = open();
    live.start();
    await fed.feed('early');
    await fed.feed('later');
    expect(fed.closed).toEqual(['early']);
    await loaded();
    await runs(1);
    expect(live.getSnapshot().stats).toMatchObject({ received: 0, dropped: 0 });
    live.stop();
  });

  it('stops: ends the source and the run, closes the frames, and can start again', async () => {
    const { live } = open();
    live.start();
    await loaded();
    await fed.feed('a');
    await runs(1);
    await fed.feed('b');
    live.stop();
    expect(live.getSnapshot().status).toBe('idle');
    expect(fed.returned).toBe(1);
    await vi.waitFor(() => {
      expect(fed.closed.sort()).toEqual(['a', 'b']);
    });
    await fed.feed('late');
    await vi.waitFor(() => {
      expect(fed.closed).toContain('late');
    });
    live.start();
    expect(fed.starts).toHaveLength(2);
    live.stop();
  });

  it('stays stopped when it is stopped as the model or a result arrives', async () => {
    const onResult = vi.fn();
    const { live, task } = open({ onResult });
    const loading = task.load();
    live.start();
    const stoppedWithModel = loading.then(live.stop);
    await loaded();
    await stoppedWithModel;
    await settled();
    expect(live.getSnapshot().status).toBe('idle');

    const stops = [live.stop];
    task.subscribe(() => {
      // The task shows the result one microtask before the live task receives it.
      if (task.getSnapshot().output !== undefined) stops.shift()?.();
    });
    live.start();
    await fed.feed('late'); // the iteration before has asked for it
    await fed.feed('a');
    await runs(1);
    fake.runs[0]!.resolve();
    await vi.waitFor(() => {
      expect(stops).toEqual([]);
    });
    await settled();
    expect(onResult).not.toHaveBeenCalled();
    expect(live.getSnapshot()).toMatchObject({ status: 'idle', output: undefined });
  });

  it('asks for no frame when a listener stops it at once', async () => {
    const { live } = open();
    live.subscribe(live.stop);
    live.start();
    await settled();
    expect(live.getSnapshot().status).toBe('idle');
    expect(fed.starts).toEqual([]);
  });

  it('shows no result that arrives as it is stopped', async () => {
    const results: string[] = [];
    const { live } = open({ onResult: ({ output }) => results.push(output) });
    live.start();
    await loaded();
    await fed.feed('a');
    await runs(1);
    fake.runs[0]!.resolve();
    await Promise.resolve();
    live.stop();
    await vi.waitFor(() => {
      expect(fed.closed).toEqual(['a']);
    });
    expect(results).toEqual([]);
    expect(live.getSnapshot()).toMatchObject({ status: 'idle', output: undefined });
  });

  it('ends with its source, after the last result', async () => {
    const { live } = open();
    live.start();
    await loaded();
    await fed.feed('a');
    await runs(1);
    fed.end();
    expect(live.getSnapshot().status).toBe('running');
    fake.runs[0]!.resolve();
    await statusIs(live, 'idle');
    expect(live.getSnapshot().output).toBe('A');
  });

  it('calls a function at each start for its source', () => {
    const make = vi.fn(() => fed.source);
    const task = createTask(fake.engine, shout, { model: 'a' });
    const live = createLive<typeof shout>(task, make);
    live.start();
    live.stop();
    live.start();
    live.stop();
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('shows the error of a source that cannot be created', async () => {
    const task = createTask(fake.engine, shout, { model: 'a' });
    const live = createLive<typeof shout>(task, () => {
      throw new HayateError('bad-input', 'No source.', { reason: 'a test' });
    });
    live.start();
    await vi.waitFor(() => {
      expect(live.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'bad-input' } });
    });
  });

  it('frees everything even if the source throws when it is ended', async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const remove = vi.spyOn(page, 'removeEventListener');
    vi.stubGlobal('document', page);
    const task = createTask(fake.engine, shout, { model: 'a' });
    const live = createLive<typeof shout>(task, {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          throw new Error('a test');
        },
      }),
    });
    live.start();
    live.stop();
    expect(remove).toHaveBeenCalledOnce();
    await settled();
  });

  it('takes inputs that are not frames, with their timestamp', async () => {
    const results: number[] = [];
    const task = createTask(fake.engine, shout, { model: 'a' });
    async function* pictures() {
      yield Object.assign(new String('a'), { timestamp: 1500 }) as unknown as string;
      await Promise.resolve();
    }
    const live = createLive<typeof shout>(task, () => pictures(), {
      onResult: ({ frame }) => results.push(frame.timeMs),
    });
    live.start();
    await loaded();
    await runs(1);
    fake.runs[0]!.resolve();
    await statusIs(live, 'idle');
    expect(results).toEqual([1.5]);
  });

  describe('when something fails', () => {
    const crash = () => new HayateError('worker-crashed', 'It died.', { reason: 'a test' });

    it('outlives failures that are retryable, and counts the frames', async () => {
      const { live } = open();
      live.start();
      await loaded();
      await fed.feed('a');
      await runs(1);
      fake.runs[0]!.reject(crash());
      await fed.feed('b');
      await runs(2);
      fake.runs[1]!.resolve();
      await vi.waitFor(() => {
        expect(live.getSnapshot()).toMatchObject({ status: 'running', output: 'B' });
      });
      expect(live.getSnapshot().stats).toMatchObject({ failed: 1, results: 1 });
      expect(fed.closed).toEqual(['a', 'b']);
      live.stop();
    });

    it('ends after three in a row', async () => {
      const { live } = open();
      live.start();
      await loaded();
      for (const [index, name] of ['a', 'b', 'c'].entries()) {
        await fed.feed(name);
        await runs(index + 1);
        fake.runs[index]!.reject(crash());
      }
      await statusIs(live, 'error');
      expect(live.getSnapshot()).toMatchObject({ error: { code: 'worker-crashed' } });
      expect(fed.returned).toBe(1);
    });

    it('ends at once with any other error, and with a source that throws', async () => {
      const { live } = open();
      live.start();
      await loaded();
      await fed.feed('a');
      await runs(1);
      fake.runs[0]!.reject(fake.failure);
      await statusIs(live, 'error');
      expect(fed.closed).toEqual(['a']);
      expect(fed.returned).toBe(1);

      const task = createTask(fake.engine, shout, { model: 'a' });
      const lost = new HayateError('camera-unavailable', 'Gone.', { reason: 'lost' });
      const broken = createLive<typeof shout>(task, {
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(lost) }),
      });
      broken.start();
      await vi.waitFor(() => {
        expect(broken.getSnapshot()).toMatchObject({ status: 'error', error: lost });
      });
    });

    it('goes on when the model was released, and loads it again', async () => {
      const { live, task } = open();
      live.start();
      await loaded();
      await fed.feed('a');
      await runs(1);
      task.release();
      fake.runs[0]!.reject(new DOMException('The model was released.', 'AbortError'));
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(2);
      });
      await loaded();
      await fed.feed('b');
      await runs(2);
      fake.runs[1]!.resolve();
      await vi.waitFor(() => {
        expect(live.getSnapshot()).toMatchObject({ status: 'running', output: 'B' });
      });
      live.stop();
    });
  });

  describe('iterated', () => {
    const names = async (results: AsyncIterable<LiveResult<typeof shout>>, most: number) => {
      const taken: string[] = [];
      for await (const { output } of results) {
        taken.push(output);
        if (taken.length === most) break;
      }
      return taken;
    };

    it('starts, gives results with open frames, and stops everything with `break`', async () => {
      const { live } = open();
      const taken = names(live, 2);
      await loaded();
      for (const [index, name] of ['a', 'b'].entries()) {
        await fed.feed(name);
        await runs(index + 1);
        expect(fed.closed).toHaveLength(index);
        fake.runs[index]!.resolve();
      }
      expect(await taken).toEqual(['A', 'B']);
      expect(live.getSnapshot().status).toBe('idle');
      expect(fed.returned).toBe(1);
      await vi.waitFor(() => {
        expect(fed.closed).toEqual(['a', 'b']);
      });
    });

    it('takes no new frame while the body is busy', async () => {
      const { live } = open();
      const iterator = live[Symbol.asyncIterator]();
      const first = iterator.next();
      await loaded();
      await fed.feed('a');
      await runs(1);
      fake.runs[0]!.resolve();
      await first;
      await fed.feed('b');
      await fed.feed('c');
      await settled();
      expect(fake.runs).toHaveLength(1);
      expect(fed.closed).toEqual(['b']);
      const second = iterator.next();
      await runs(2);
      fake.runs[1]!.resolve();
      expect(await second).toMatchObject({ done: false, value: { output: 'C' } });
      await iterator.return?.();
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    });

    it('ends when the live task is stopped or its source ends, and throws its error', async () => {
      const { live } = open();
      const waiting = live[Symbol.asyncIterator]().next();
      live.stop();
      expect(await waiting).toEqual({ done: true, value: undefined });

      const again = live[Symbol.asyncIterator]().next();
      await loaded();
      fed.end();
      expect(await again).toEqual({ done: true, value: undefined });

      const failing = names(live, 1);
      await fed.feed('a');
      await runs(1);
      fake.runs[0]!.reject(fake.failure);
      await expect(failing).rejects.toBe(fake.failure);
    });

    it('throws the error that came while the body was busy', async () => {
      const { live } = open();
      const lost = new HayateError('camera-unavailable', 'Gone.', { reason: 'lost' });
      const iterator = live[Symbol.asyncIterator]();
      const first = iterator.next();
      await loaded();
      await fed.feed('a');
      await runs(1);
      fake.runs[0]!.resolve();
      await first;
      fed.fail(lost);
      await statusIs(live, 'error');
      await expect(iterator.next()).rejects.toBe(lost);
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    });

    it('lets another loop in when one was left before its first step', async () => {
      const { live } = open();
      await live[Symbol.asyncIterator]().return?.();
      expect(() => live[Symbol.asyncIterator]()).not.toThrow();
    });

    it('lets one loop in at a time', () => {
      const { live } = open();
      void live[Symbol.asyncIterator]();
      expect(() => live[Symbol.asyncIterator]()).toThrow(/second loop/);
    });
  });

  describe('on a page that is hidden', () => {
    function stubPage() {
      const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
      vi.stubGlobal('document', page);
      return (state: 'visible' | 'hidden') => {
        page.visibilityState = state;
        page.dispatchEvent(new Event('visibilitychange'));
      };
    }

    it('pauses: asks for no frame and runs none, and goes on when it is shown', async () => {
      const setVisibility = stubPage();
      const { live } = open();
      live.start();
      await loaded();
      await fed.feed('a');
      await runs(1);
      setVisibility('hidden');
      expect(live.getSnapshot().status).toBe('paused');
      await fed.feed('b'); // was asked for before the page was hidden
      fake.runs[0]!.resolve();
      await vi.waitFor(() => {
        expect(fed.closed.sort()).toEqual(['a', 'b']);
      });
      expect(fed.asked).toBe(false);
      expect(fake.runs).toHaveLength(1);
      setVisibility('visible');
      expect(live.getSnapshot().status).toBe('running');
      await fed.feed('c');
      await runs(2);
      live.stop();
      setVisibility('hidden');
      expect(live.getSnapshot().status).toBe('idle');
    });

    it('leaves the pause out of the rate', async () => {
      const setVisibility = stubPage();
      const { live } = open();
      live.start();
      await loaded();
      for (const [index, name] of ['a', 'b', 'c'].entries()) {
        if (name === 'c') {
          expect(live.getSnapshot().stats.fps).toBeGreaterThan(0);
          setVisibility('hidden');
          setVisibility('visible');
        }
        await fed.feed(name);
        await runs(index + 1);
        fake.runs[index]!.resolve();
        await vi.waitFor(() => {
          expect(live.getSnapshot().stats.results).toBe(index + 1);
        });
      }
      expect(live.getSnapshot().stats.fps).toBeUndefined();
      live.stop();
    });

    it('keeps the frame for later with `all`', async () => {
      const setVisibility = stubPage();
      const { live } = open({ frames: 'all' });
      live.start();
      await loaded();
      await fed.feed('a');
      await runs(1);
      await fed.feed('b');
      setVisibility('hidden');
      fake.runs[0]!.resolve();
      await vi.waitFor(() => {
        expect(fed.closed).toEqual(['a']);
      });
      await settled();
      expect(fake.runs).toHaveLength(1);
      setVisibility('visible');
      await runs(2);
      live.stop();
    });

    it('stops while it is hidden', async () => {
      const setVisibility = stubPage();
      const { live } = open();
      live.start();
      await loaded();
      setVisibility('hidden');
      await fed.feed('a');
      live.stop();
      expect(live.getSnapshot().status).toBe('idle');
      expect(fed.closed).toEqual(['a']);
    });
  });
});
