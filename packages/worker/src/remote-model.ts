import { HayateError, isHayateError, unlessAborted, type LoadProgress, type RunResult } from '@hayate/core';
import { transfer } from 'comlink';
import { startDeadline } from './deadline';
import type { Lifeline } from './lifeline';
import { isDeviceLost, type LoadModel, type Settlement } from './model';
import { closePrepared } from './prepare-input';
import type { HostEvent } from './protocol';
import type { Supervisor } from './supervisor';
import { decodeError, unpack, type Settled } from './wire';

/**
 * Loads models in a supervisor's worker. A load in which nothing happens for `loadStallMs` is ended with its worker,
 * and so is a run that has passed its deadline: nothing inside ONNX Runtime can be stopped in another way.
 */
export function createRemoteLoad(supervisor: Supervisor, loadStallMs: number): LoadModel {
  let lastCall = 0;

  /** Makes a call that an abort settles at once on this side. */
  async function call<Value>(
    line: Lifeline,
    signal: AbortSignal,
    make: (number: number) => Promise<Settled<Value>>,
    onEvent: (event: HostEvent) => void,
    onAbort?: () => void,
  ): Promise<Value> {
    signal.throwIfAborted();
    line.ended.throwIfAborted(); // or it would be sent to nobody
    const number = ++lastCall;
    const stopListening = line.listen(number, onEvent);
    const abort = onAbort ?? (() => void line.host.abort(number));
    signal.addEventListener('abort', abort, { once: true });
    try {
      return unpack(await line.survive(make(number)));
    } catch (error) {
      throw isUncloneable(error) ? uncloneable(error) : error;
    } finally {
      signal.removeEventListener('abort', abort);
      stopListening();
    }
  }

  return async ({ name }, config, { signal, onProgress }) => {
    const line = await unlessAborted(supervisor.connected(), signal);
    let stopStall: () => void = () => undefined;
    const stalled = () => {
      const message = `The model was not loaded: nothing happened for ${loadStallMs} ms.`;
      overdue.abort(new HayateError('deadline-exceeded', message, { deadlineMs: loadStallMs }));
      supervisor.replace(line, 'loading a model took too long');
    };
    const overdue = new AbortController();
    let settled = false;
    const alive = (progress?: LoadProgress) => {
      // Nobody waits any more, though the worker still tells.
      if (settled) return;
      stopStall();
      stopStall = startDeadline(loadStallMs, stalled);
      if (progress) onProgress(progress);
    };
    alive();
    const loading = call(
      line,
      signal,
      (number) => line.host.load(number, name, config),
      (event) => {
        if (event.hayate === 'progress') alive(event.value);
      },
    );
    // Loaded after all, though nobody waits any more.
    loading.then(
      ({ id }) => {
        if (signal.aborted) void line.host.release(id);
      },
      () => undefined,
    );
    const remote = await unlessAborted(loading, AbortSignal.any([signal, overdue.signal]))
      .catch((error: unknown) => {
        const reason = reasonToReplace(error);
        if (reason !== undefined) supervisor.replace(line, reason, { crash: false });
        throw error;
      })
      .finally(() => {
        settled = true;
        stopStall();
      });
    const { id, backend, threads, refused, maxBatch } = remote;

    return {
      backend,
      threads,
      refused,
      maxBatch,
      lost: line.ended,

      async run(inputs, options, { signal: stop, late, cancel, onPartial }) {
        const start = performance.now();
        let number: number | undefined;
        const onAbort = () => {
          if (late.aborted) return;
          if (cancel === 'hard') supervisor.replace(line, 'a run was cancelled', { crash: false });
          else if (number !== undefined) void line.host.abort(number);
        };
        // Also of a run that nobody waits for any more: those after it do.
        const onLate = () => {
          supervisor.replace(line, 'a run took too long');
        };
        late.addEventListener('abort', onLate, { once: true });
        try {
          const { results, memoryBytes } = await call(
            line,
            stop,
            (assigned) => {
              number = assigned;
              const values = inputs.map(({ value }) => value);
              const moved = new Set(inputs.flatMap((input) => [...input.transfer]));
              return line.host.run(
                assigned,
                id,
                transfer(values, [...moved]),
                options ?? {},
                onPartial !== undefined,
              );
            },
            (event) => {
              if (event.hayate === 'partial') onPartial?.(event.value);
            },
            onAbort,
          );
          const settled = results.map((result) => unpackRun(result, performance.now() - start));
          supervisor.ran(line, memoryBytes);
          // ONNX Runtime does not recover from a lost GPU within a worker.
          if (settled.some(isDeviceLost)) supervisor.replace(line, 'the GPU was lost');
          return settled;
        } finally {
          late.removeEventListener('abort', onLate);
          // What was never sent; what was is the worker's, and closing it here does nothing.
          for (const input of inputs) closePrepared(input);
        }
      },

      async dispose() {
        // A worker that is gone has nothing to give back.
        if (line.ended.aborted) return;
        const stop = startDeadline(loadStallMs, () => {
          supervisor.replace(line, 'it did not answer');
        });
        await line.survive<unknown>(line.host.release(id)).catch(() => undefined);
        stop();
      },
    };
  };
}

/** Why a worker in which a load has failed is of no use any more, if it is not. */
function reasonToReplace(error: unknown): string | undefined {
  if (!isHayateError(error)) return undefined;
  if (error.code === 'device-lost') return 'the GPU was lost';
  const stuck =
    error.code === 'no-backend' && error.details.attempts.some(({ needsNewThread }) => needsNewThread);
  return stuck ? 'ONNX Runtime could not be started' : undefined;
}

/** A result with the way to the worker and back in its timings: what the stages there do not explain. */
function unpackRun(result: Settled<RunResult<unknown>>, elapsedMs: number): Settlement {
  if (!result.ok) return { status: 'rejected', reason: decodeError(result.error) };
  const { output, timings } = result.value;
  const { send = 0, queue = 0, total = 0, ...stages } = timings;
  return {
    status: 'fulfilled',
    value: { output, timings: { ...stages, send: elapsedMs - total + send + queue } },
  };
}

function isUncloneable(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'DataCloneError';
}

function uncloneable(cause: unknown): HayateError<'bad-input'> {
  const reason =
    'a picture of another origin needs the "crossorigin" attribute, memory of WebAssembly cannot be given away, ' +
    'and a config and options must be plain data';
  return new HayateError('bad-input', `It cannot be sent to the worker: ${reason}.`, { reason }, { cause });
}
