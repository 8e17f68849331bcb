import type { AnyContract, InputOf, OutputOf } from '@hayate/core';
import {
  createStream,
  type FrameSource,
  type Stream,
  type StreamOptions,
  type StreamState,
} from '@hayate/core/stream';
import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { UseTaskReturn } from './use-task';

/** What {@link useStream} returns: the state and its parts as refs, and the functions. */
export interface UseStreamReturn<Contract extends AnyContract> {
  readonly state: Readonly<ShallowRef<StreamState<OutputOf<Contract>>>>;
  readonly status: ComputedRef<StreamState<unknown>['status']>;
  readonly output: ComputedRef<OutputOf<Contract> | undefined>;
  readonly stats: ComputedRef<StreamState<unknown>['stats']>;
  readonly error: ComputedRef<Extract<StreamState<unknown>, { status: 'error' }>['error'] | undefined>;
  readonly start: Stream<Contract>['start'];
  readonly stop: Stream<Contract>['stop'];
}

/**
 * A task driven by a camera, a video or any frames. `source` is called at each start; with another model the stream
 * goes on. It stops with the component.
 */
export function useStream<Contract extends AnyContract>(
  task: UseTaskReturn<Contract>,
  source: () => FrameSource<InputOf<Contract>>,
  options?: StreamOptions<Contract>,
): UseStreamReturn<Contract> {
  const { load, runAsync: run, state: taskState } = task;
  const stream = createStream<Contract>({ load, run, getSnapshot: () => taskState.value }, source, options);
  const state = shallowRef(stream.getSnapshot());
  const stopListening = stream.subscribe(() => {
    state.value = stream.getSnapshot();
  });
  onScopeDispose(() => {
    stream.stop();
    stopListening();
  });
  return {
    state,
    status: computed(() => state.value.status),
    output: computed(() => state.value.output),
    stats: computed(() => state.value.stats),
    error: computed(() => (state.value.status === 'error' ? state.value.error : undefined)),
    start: stream.start,
    stop: stream.stop,
  };
}
