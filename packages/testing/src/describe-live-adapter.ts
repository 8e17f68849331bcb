import type { Engine } from '@hayate/core';
import type { FrameSource, LiveState } from '@hayate/core/live';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeEngine } from './fake-engine';

/** A test component that uses `useLive(useTask(shout, { model }), source)`, mounted in a page. */
export interface MountedLiveAdapter {
  /** The last result of the hook or composable, with refs unwrapped. */
  result(): {
    readonly state: LiveState<string>;
    readonly status: string;
    readonly output: string | undefined;
    readonly stats: LiveState<string>['stats'];
    readonly error: { readonly code: string } | undefined;
    start(): void;
    stop(): void;
  };
  setModel(model: string): void;
  unmount(): void;
}

/** How a framework mounts the test component. */
export type MountLiveAdapter = (
  engine: Engine,
  model: string,
  source: () => FrameSource<string>,
) => MountedLiveAdapter;

/** Tests the contract of a framework's `useLive`, which behaves the same in each framework. */
export function describeLiveAdapter(name: string, mount: MountLiveAdapter): void {
  describe(`useLive in ${name}`, () => {
    let fake: ReturnType<typeof createFakeEngine>;
    let view: MountedLiveAdapter;
    let ended: number;
    let push: (frame: string) => void;

    /** A source of the frames that the test pushes. */
    const source = (): FrameSource<string> => ({
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => {
            push = (image) => {
              resolve({ done: false, value: { input: image, timeMs: 7 } });
            };
          }),
        return: () => {
          ended += 1;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    });
    const until = (check: () => void) => vi.waitFor(check);
    const loaded = async (count: number) => {
      await until(() => {
        expect(fake.loads).toHaveLength(count);
      });
      fake.loads[count - 1]?.resolve();
    };
    const runs = (count: number) =>
      until(() => {
        expect(fake.runs).toHaveLength(count);
      });
    const statusIs = (status: string) =>
      until(() => {
        expect(view.result().status).toBe(status);
      });

    beforeEach(() => {
      ended = 0;
      fake = createFakeEngine();
      view = mount(fake.engine, 'a', source);
    });
    afterEach(() => {
      view.unmount();
    });

    test('starts, shows each result, and stops', async () => {
      await loaded(1);
      await statusIs('idle');
      view.result().start();
      await statusIs('running');
      push('one');
      await runs(1);
      fake.runs[0]?.resolve();
      await until(() => {
        expect(view.result().output).toBe('ONE');
      });
      expect(view.result().state.timeMs).toBe(7);
      expect(view.result().stats).toMatchObject({ results: 1 });
      view.result().stop();
      await statusIs('idle');
      expect(ended).toBe(1);
      expect(view.result().output).toBe('ONE');
    });

    test('goes on with another model', async () => {
      await loaded(1);
      view.result().start();
      await statusIs('running');
      view.setModel('b');
      push('dropped with the old model, or run with the new');
      await loaded(2);
      await runs(1);
      fake.runs[0]?.resolve();
      await until(() => {
        expect(view.result().stats).toMatchObject({ results: 1 });
      });
      expect(fake.models).toEqual(['a', 'b']);
      expect(ended).toBe(0);
      view.result().stop();
    });

    test('shows the error that ended it', async () => {
      await loaded(1);
      view.result().start();
      await statusIs('running');
      push('one');
      await runs(1);
      fake.runs[0]?.reject(fake.failure);
      await statusIs('error');
      expect(view.result().error?.code).toBe('session-failed');
      expect(ended).toBe(1);
    });

    test('stops with its component', async () => {
      await loaded(1);
      view.result().start();
      await statusIs('running');
      view.unmount();
      await until(() => {
        expect(ended).toBe(1);
      });
    });
  });
}
