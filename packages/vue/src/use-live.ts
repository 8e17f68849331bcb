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

/** What {@link useLive} returns: the state and its parts as refs, and the functions. */
export interface UseLiveResult<Contract extends AnyContract>
  extends Refs<LiveView<OutputOf<Contract>>>, Pick<Live<Contract>, 'start' | 'stop'> {}

/**
 * A task driven by a camera, a video or any frames. `source` is called at each start; with another model or other
 * options it goes on. It stops with the component.
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
