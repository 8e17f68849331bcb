import type { AnyContract, InputOf, OutputOf } from '@hayate/core';
import {
  createStream,
  type FrameSource,
  type Stream,
  type StreamOptions,
  type StreamState,
} from '@hayate/core/stream';
import { useEffect, useInsertionEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { UseTaskResult } from './use-task';

/** What {@link useStream} returns: the state, its parts, and the functions, which keep their identity. */
export interface UseStreamResult<Contract extends AnyContract> {
  readonly state: StreamState<OutputOf<Contract>>;
  readonly status: StreamState<unknown>['status'];
  readonly output: OutputOf<Contract> | undefined;
  readonly stats: StreamState<unknown>['stats'];
  readonly error: Extract<StreamState<unknown>, { status: 'error' }>['error'] | undefined;
  readonly start: Stream<Contract>['start'];
  readonly stop: Stream<Contract>['stop'];
}

/**
 * A task driven by a camera, a video or any frames. `source` is called at each start; with another model or other
 * options the stream goes on. It stops with the component.
 */
export function useStream<Contract extends AnyContract>(
  task: UseTaskResult<Contract>,
  source: () => FrameSource<InputOf<Contract>>,
  options: StreamOptions<Contract> = {},
): UseStreamResult<Contract> {
  const latest = useRef({ task, source, options });
  // Before every other effect, one of which may start the stream.
  useInsertionEffect(() => {
    latest.current = { task, source, options };
  });
  const [stream] = useState(() =>
    createStream<Contract>(
      {
        load: (...parameters) => latest.current.task.load(...parameters),
        run: (...parameters) => latest.current.task.runAsync(...parameters),
        getSnapshot: () => latest.current.task.getSnapshot(),
      },
      () => latest.current.source(),
      {
        ...(options.frames && { frames: options.frames }),
        runOptions: () => latest.current.options.runOptions?.() as never,
        onFrame: (frame) => latest.current.options.onFrame?.(frame),
        onResult: (result) => latest.current.options.onResult?.(result),
      },
    ),
  );
  const state = useSyncExternalStore(stream.subscribe, stream.getSnapshot, stream.getSnapshot);
  useEffect(() => stream.stop, [stream]);
  return {
    state,
    status: state.status,
    output: state.output,
    stats: state.stats,
    error: state.status === 'error' ? state.error : undefined,
    start: stream.start,
    stop: stream.stop,
  };
}
