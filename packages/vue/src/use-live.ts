import type { AnyContract, InputOf, OutputOf } from '@hayate/core';
import {
  createLive,
  followOptions,
  viewLive,
  type FrameSource,
  type Live,
  type LiveOptions,
  type LiveView,
} from '@hayate/core/live';
import { onScopeDispose, toValue, type MaybeRefOrGetter } from 'vue';
import type { UseTaskResult } from './use-task';
import { useView, type Refs } from './use-view';

/** The result of {@link useLive}: the state and its parts as refs, and functions. */
export interface UseLiveResult<Contract extends AnyContract>
  extends Refs<LiveView<OutputOf<Contract>>>, Pick<Live<Contract>, 'start' | 'stop'> {}

/**
 * Runs a task on a camera, a video or any frames. Each start calls `source`. The live task continues when the model or
 * the options change, and stops when the component unmounts.
 */
export function useLive<Contract extends AnyContract>(
  task: UseTaskResult<Contract>,
  source: () => FrameSource<InputOf<Contract>>,
  options: MaybeRefOrGetter<LiveOptions<Contract>> = {},
): UseLiveResult<Contract> {
  const current = () => toValue<LiveOptions<Contract>>(options);
  const live = createLive<Contract>(task, source, followOptions(current));
  const { refs, stop } = useView(live, viewLive);
  onScopeDispose(() => {
    live.stop();
    stop();
  });
  return { ...refs, start: live.start, stop: live.stop };
}
