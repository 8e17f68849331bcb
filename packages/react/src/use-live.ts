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
import { useEffect, useInsertionEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { UseTaskResult } from './use-task';

/** What {@link useLive} returns: the state and its parts, and the functions, which keep their identity. */
export interface UseLiveResult<Contract extends AnyContract>
  extends LiveView<OutputOf<Contract>>, Pick<Live<Contract>, 'start' | 'stop'> {}

/**
 * A task driven by a camera, a video or any frames. `source` is called at each start; with another model or other
 * options it goes on. It stops with the component.
 */
export function useLive<Contract extends AnyContract>(
  task: UseTaskResult<Contract>,
  source: () => FrameSource<InputOf<Contract>>,
  options: LiveOptions<Contract> = {},
): UseLiveResult<Contract> {
  const latest = useRef({ task, source, options });
  // Before every other effect, one of which may start it.
  useInsertionEffect(() => {
    latest.current = { task, source, options };
  });
  const [live] = useState(() =>
    createLive<Contract>(
      // The task is another one where the engine is.
      {
        load: (...parameters) => latest.current.task.load(...parameters),
        runTimed: (...parameters) => latest.current.task.runTimed(...parameters),
      },
      () => latest.current.source(),
      followOptions(() => latest.current.options),
    ),
  );
  const state = useSyncExternalStore(live.subscribe, live.getSnapshot, live.getSnapshot);
  useEffect(() => live.stop, [live]);
  return { ...viewLive(state), start: live.start, stop: live.stop };
}
