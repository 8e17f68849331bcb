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

/** The result of {@link useLive}: the state, its parts, and functions that keep their identity. */
export interface UseLiveResult<Contract extends AnyContract>
  extends LiveView<OutputOf<Contract>>, Pick<Live<Contract>, 'start' | 'stop'> {}

/**
 * Runs a task on a camera, a video or any frames. Each start calls `source`. The live task continues when the model or
 * the options change, and stops when the component unmounts.
 */
export function useLive<Contract extends AnyContract>(
  task: UseTaskResult<Contract>,
  source: () => FrameSource<InputOf<Contract>>,
  options: LiveOptions<Contract> = {},
): UseLiveResult<Contract> {
  const latest = useRef({ task, source, options });
  // Runs before every other effect, because another effect may call `start`.
  useInsertionEffect(() => {
    latest.current = { task, source, options };
  });
  const [live] = useState(() =>
    createLive<Contract>(
      // Not `task` itself, because a change of the engine replaces it.
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
