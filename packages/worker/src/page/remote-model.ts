import {
  decodeError,
  HayateError,
  isHayateError,
  unlessAborted,
  type LoadProgress,
  type RunResult,
} from '@hayate/core';
import { transfer } from 'comlink';
import { startDeadline } from '../engine/deadline';
import type { LoadModel, Model, ModelRunOptions, Settlement } from '../engine/model';
import { PARTIALS_ON_THE_WAY, type HostEvent, type RemoteModel } from '../wire/protocol';
import type { Settled } from '../wire/settled';
import type { Supervisor } from './supervisor';
import type { WorkerConnection } from './worker-connection';

/**
 * Loads models in a supervisor's worker. If a load makes no progress for `loadStallMs`, or a run passes its deadline,
 * the worker is replaced, because ONNX Runtime cannot be stopped in another way.
 */
export function createRemoteLoad(supervisor: Supervisor, loadStallMs: number): LoadModel {
  return async (task, config, { signal, onProgress }) => {
    const worker = await unlessAborted(supervisor.connected(), signal);
    const stalled = new AbortController();
    const deadline = startDeadline(loadStallMs, () => {
      const message = `The model was not loaded: nothing happened for ${loadStallMs} ms.`;
      stalled.abort(new HayateError('deadline-exceeded', message, { deadlineMs: loadStallMs }));
      supervisor.replace(worker, 'loading a model took too long');
    });
    let waiting = true;
    const follow = (progress: LoadProgress) => {
      if (!waiting) return; // the worker may still report progress after the caller has aborted
      deadline.restart();
      onProgress(progress);
    };
    const loading = worker.call((host, call) => host.load(call, task, config), {
      signal,
      onEvent(event) {
        if (event.hayate === 'progress') follow(event.value);
      },
    });
    // Releases a model that was loaded although the caller has aborted.
    loading.then(
      ({ id }) => {
        if (signal.aborted) void worker.host.release(id);
      },
      () => undefined,
    );
    try {
      const remote = await unlessAborted(loading, AbortSignal.any([signal, stalled.signal]));
      return createRemoteModel(remote, worker, supervisor, loadStallMs);
    } catch (error) {
      const reason = reasonToReplace(error);
      if (reason !== undefined) supervisor.replace(worker, reason, { crash: false });
      throw error;
    } finally {
      waiting = false;
      deadline.stop();
    }
  };
}

/** Creates the page's side of a model that a worker has loaded. */
function createRemoteModel(
  { id, placement, maxBatch }: RemoteModel,
  worker: WorkerConnection,
  supervisor: Supervisor,
  loadStallMs: number,
): Model {
  return {
    placement,
    maxBatch,
    lost: worker.ended,

    async run(inputs, options, { signal, late, cancel, onPartial, onAlive }) {
      const start = performance.now();
      // Even if no caller waits for this run any more, later runs do.
      const onLate = () => {
        supervisor.replace(worker, 'a run took too long');
      };
      late.addEventListener('abort', onLate, { once: true });
      try {
        const { results, tookMs, memoryBytes } = await worker.call(
          (host, call) => {
            const values = inputs.map(({ value }) => value);
            const moved = new Set(inputs.flatMap((input) => [...input.transfer]));
            return host.run(call, id, transfer(values, [...moved]), options ?? {}, onPartial !== undefined);
          },
          {
            signal,
            onAbort(call) {
              if (late.aborted) return;
              if (cancel === 'hard') supervisor.replace(worker, 'a run was cancelled', { crash: false });
              else void worker.host.abort(call);
            },
            onEvent: followRun(worker, onPartial, onAlive),
          },
        );
        const sendMs = performance.now() - start - tookMs;
        if (supervisor.countsRuns || memoryBytes !== undefined) supervisor.ran(worker, memoryBytes);
        return results.map((result) => unpackRun(result, sendMs));
      } finally {
        late.removeEventListener('abort', onLate);
      }
    },

    loseDevice() {
      // ONNX Runtime does not recover within a worker.
      supervisor.replace(worker, 'the GPU was lost');
    },

    async dispose() {
      // If the worker is gone, there is nothing to release.
      if (worker.ended.aborted) return;
      const deadline = startDeadline(loadStallMs, () => {
        supervisor.replace(worker, 'it did not answer');
      });
      await worker.orEnd<unknown>(worker.host.release(id)).catch(() => undefined);
      deadline.stop();
    },
  };
}

/** Receives the events of a run, and acknowledges partial results to the worker, several at a time. */
function followRun(
  worker: WorkerConnection,
  onPartial: ModelRunOptions['onPartial'],
  onAlive: ModelRunOptions['onAlive'],
): (event: HostEvent) => void {
  let taken = 0;
  return (event) => {
    if (event.hayate === 'alive') onAlive();
    if (event.hayate !== 'partial') return;
    void onPartial?.(event.value).then(() => {
      taken += 1;
      if (taken < PARTIALS_ON_THE_WAY / 2) return;
      void worker.host.taken(event.call, taken);
      taken = 0;
    });
  };
}

/** Why the worker must be replaced after a failed load; undefined if it can be used. */
function reasonToReplace(error: unknown): string | undefined {
  if (!isHayateError(error)) return undefined;
  if (error.code === 'device-lost') return 'the GPU was lost';
  const stuck =
    error.code === 'no-backend' && error.details.attempts.some(({ needsNewThread }) => needsNewThread);
  return stuck ? 'ONNX Runtime could not be started' : undefined;
}

function unpackRun(result: Settled<RunResult<unknown>>, sendMs: number): Settlement {
  if (!result.ok) return { status: 'rejected', reason: decodeError(result.error) };
  const { output, timings } = result.value;
  return { status: 'fulfilled', value: { output, timings: { ...timings, send: sendMs } } };
}
