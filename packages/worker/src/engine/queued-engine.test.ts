import { defineTask, HayateError, type ModelPlacement } from '@hayate/core';
import { describe, expect, test, vi } from 'vitest';
import type { Model } from './model';
import { createQueuedEngine } from './queued-engine';

const task = defineTask<{ readonly model: string }, string, object, string>({
  name: 'a-task',
  prepare: (value) => ({ value, transfer: [] }),
});
const placed = (backend: 'webgpu' | 'wasm'): ModelPlacement => ({
  backend,
  threads: 1,
  refused: [],
  sessions: [],
});

/** An engine whose model runs on WebGPU at first, and on WebAssembly when it has been lost and loaded again. */
function open() {
  const lost: AbortController[] = [];
  const dispose = vi.fn(() => Promise.resolve());
  const engine = createQueuedEngine(() => {
    const life = new AbortController();
    lost.push(life);
    const model: Model = {
      placement: placed(lost.length === 1 ? 'webgpu' : 'wasm'),
      maxBatch: 1,
      lost: life.signal,
      run: () => Promise.resolve([]),
      loseDevice: () => undefined,
      dispose,
    };
    return Promise.resolve(model);
  }, {});
  return { engine, lost, dispose };
}

describe('the models of an engine', () => {
  test('are listed once each, until their last lease is released', async () => {
    const { engine } = open();
    const listener = vi.fn();
    engine.models.subscribe(listener);
    expect(engine.models.getSnapshot()).toEqual([]);
    const [first, second] = [
      await engine.load(task, { model: 'https://a.test/a.json' }),
      await engine.load(task, { model: 'https://a.test/a.json' }),
    ];
    const key = 'https://a.test/a.json';
    expect(engine.models.getSnapshot()).toEqual([{ task: 'a-task', key, placement: placed('webgpu') }]);
    await first.release();
    expect(engine.models.getSnapshot()).toHaveLength(1);
    await second.release();
    expect(engine.models.getSnapshot()).toEqual([]);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('say where a model runs after it was loaded again', async () => {
    const { engine, lost } = open();
    await engine.load(task, { model: 'https://a.test/a.json' });
    lost[0]?.abort(new HayateError('worker-crashed', 'It died.', { reason: 'a test' }));
    await vi.waitFor(() => {
      expect(engine.models.getSnapshot()).toMatchObject([{ placement: placed('wasm') }]);
    });
    await engine.dispose();
    expect(engine.models.getSnapshot()).toEqual([]);
  });

  test('are freed once, also if a lease is released after the engine was disposed of', async () => {
    const { engine, dispose } = open();
    const model = await engine.load(task, { model: 'https://a.test/a.json' });
    await engine.dispose();
    await model.release();
    expect(dispose).toHaveBeenCalledTimes(1);
  });
});
