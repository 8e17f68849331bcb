import type { Engine, TaskState, TaskStep } from '@hayate/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeEngine } from './fake-engine';

/** A test component that uses `useTask(shout, { model })`, mounted in a page by a framework's test file. */
export interface MountedAdapter {
  /** The last result of the hook or composable, with refs unwrapped. */
  result(): {
    readonly state: TaskState<string, string>;
    readonly status: string;
    readonly output: string | undefined;
    readonly error: { readonly code: string } | undefined;
    readonly progress: { readonly fraction: number | undefined } | undefined;
    readonly partial: string | undefined;
    readonly isLoading: boolean;
    readonly isReady: boolean;
    readonly isRunning: boolean;
    readonly isError: boolean;
    stream(input: string): AsyncIterable<TaskStep<string, string>>;
    run(input: string, options?: { readonly suffix?: string }): Promise<string | undefined>;
    runAsync(input: string, options?: { readonly signal?: AbortSignal }): Promise<string>;
  };
  setModel(model: string): void;
  unmount(): void;
}

/** How a framework mounts the test component. */
export type MountAdapter = (
  engine: Engine,
  options: { readonly model: string; readonly autoLoad?: boolean; readonly keepAliveMs?: number },
) => MountedAdapter;

/** Tests the contract of a framework's adapter, which behaves the same in each framework. */
export function describeAdapter(name: string, mount: MountAdapter): void {
  describe(name, () => {
    let fake: ReturnType<typeof createFakeEngine>;
    let mounted: MountedAdapter | undefined;
    const open = (options = {}) =>
      (mounted = mount(fake.engine, { model: 'a', keepAliveMs: 20, ...options }));
    const until = (status: string) =>
      vi.waitFor(() => {
        expect(mounted?.result().status).toBe(status);
      });

    beforeEach(() => {
      fake = createFakeEngine();
    });
    afterEach(() => {
      mounted?.unmount();
      mounted = undefined;
    });

    test('loads once when mounted, with progress, and is ready', async () => {
      const view = open();
      await until('loading');
      await vi.waitFor(() => {
        expect(view.result().progress).toMatchObject({ fraction: 0.5 });
      });
      fake.loads[0]?.resolve();
      await until('ready');
      expect(fake.loads).toHaveLength(1);
      expect(view.result().state).toMatchObject({ backend: 'wasm', threads: 1 });
    });

    test('without autoLoad it stays idle until it is run', async () => {
      const view = open({ autoLoad: false });
      await until('idle');
      void view.result().run('hello');
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
    });

    test('runs and keeps the last output while the next is computed', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      const first = view.result().run('hello', { suffix: '!' });
      await until('running');
      fake.runs[0]?.resolve();
      expect(await first).toBe('HELLO!');
      await until('ready');
      expect(view.result().output).toBe('HELLO!');
      void view.result().run('again');
      await until('running');
      expect(view.result().output).toBe('HELLO!');
    });

    test('run never rejects; the state has the error and keeps the output; runAsync rejects', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      const run = view.result().run('hello');
      await until('running');
      fake.runs[0]?.reject(fake.failure);
      expect(await run).toBeUndefined();
      await until('error');
      expect(view.result().error?.code).toBe('session-failed');
      const again = view.result().runAsync('hello');
      await vi.waitFor(() => {
        expect(fake.runs).toHaveLength(2);
      });
      fake.runs[1]?.reject(fake.failure);
      await expect(again).rejects.toBe(fake.failure);
    });

    test('has a flag for each status', async () => {
      const view = open();
      const flags = () => {
        const { isLoading, isReady, isRunning, isError } = view.result();
        return [isLoading, isReady, isRunning, isError];
      };
      await until('loading');
      expect(flags()).toEqual([true, false, false, false]);
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      expect(flags()).toEqual([false, true, false, false]);
      void view.result().run('hello');
      await until('running');
      expect(flags()).toEqual([false, true, true, false]);
      fake.runs[0]?.reject(fake.failure);
      await until('error');
      expect(flags()).toEqual([false, false, false, true]);
    });

    test('shows partial results, until the next run begins', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      const run = view.result().run('hello');
      await until('running');
      expect(view.result().partial).toBeUndefined();
      for (const partial of ['H', 'HE']) {
        await fake.runs[0]?.emit(partial);
        await vi.waitFor(() => {
          expect(view.result().partial).toBe(partial);
        });
      }
      fake.runs[0]?.resolve();
      await run;
      await until('ready');
      expect(view.result()).toMatchObject({ partial: 'HE', output: 'HELLO' });
      void view.result().run('again');
      await until('running');
      expect(view.result()).toMatchObject({ partial: undefined, output: 'HELLO' });
    });

    test('gives the steps of a run to a loop', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      const steps: TaskStep<string, string>[] = [];
      const loop = (async () => {
        for await (const step of view.result().stream('hello')) steps.push(step);
      })();
      await vi.waitFor(() => {
        expect(fake.runs).toHaveLength(1);
      });
      await fake.runs[0]?.emit('HEL');
      fake.runs[0]?.resolve();
      await loop;
      expect(steps).toMatchObject([
        { type: 'partial', partial: 'HEL' },
        { type: 'result', output: 'HELLO' },
      ]);
    });

    test('an abort does not set the state to error', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      const controller = new AbortController();
      const run = view.result().runAsync('hello', { signal: controller.signal });
      await until('running');
      controller.abort();
      await expect(run).rejects.toMatchObject({ name: 'AbortError' });
      await until('ready');
    });

    test('another model in the config is loaded', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.models).toEqual(['a']);
      });
      view.setModel('b');
      await vi.waitFor(() => {
        expect(fake.models).toEqual(['a', 'b']);
      });
    });

    test('unmounting releases the model after keepAliveMs', async () => {
      const view = open();
      await vi.waitFor(() => {
        expect(fake.loads).toHaveLength(1);
      });
      fake.loads[0]?.resolve();
      await until('ready');
      view.unmount();
      expect(fake.live).toBe(1);
      await vi.waitFor(() => {
        expect(fake.live).toBe(0);
      });
    });
  });
}
