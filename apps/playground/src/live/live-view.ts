import type { Manifest, TaskState } from '@hayate/core';
import type { LiveState } from '@hayate/core/live';
import { liveProblemOf } from '../error-help';
import { formatMs } from '../format';
import type { AnyTaskPage } from '../task-page';
import { progressOf, type TaskView } from '../task-view';
import type { LiveSessionState } from './live-session';

/** What the page shows while its source is live: as much of a task's view as there is, and how the stream fares. */
export interface LiveView extends Omit<TaskView, 'status' | 'items' | 'label'> {
  readonly status: LiveState<unknown>['status'];
  /** Frame rate, latency, drops. */
  readonly figures: readonly { readonly name: string; readonly title: string; readonly text: string }[];
}

/** Puts what the stream, the task and the person say into one view. */
export function liveView(
  page: AnyTaskPage,
  stream: LiveState<unknown>,
  task: TaskState<unknown, unknown>,
  live: LiveSessionState,
  model: Manifest,
): LiveView {
  const { output, timings, stats } = stream;
  const status = stream.status === 'error' && live.isFresh ? 'idle' : stream.status;
  const { received, dropped, fps, latencyMs } = stats;
  // The last output stays in the stream, but may be of another source.
  const isShown = status !== 'idle' && output !== undefined && stats.results > 0;
  const share = received === 0 ? 0 : dropped / received;
  return {
    status,
    sentence: sentence(status, task, live),
    busy: status === 'starting',
    progress: progressOf(task),
    rows: isShown ? page.rows(output) : undefined,
    timings: isShown ? timings : undefined,
    problem:
      stream.status === 'error' && !live.isFresh
        ? liveProblemOf(stream.error, !page.models.includes(model))
        : undefined,
    figures: [
      { name: 'fps', title: 'Results a second', text: fps === undefined ? '–' : fps.toFixed(1) },
      {
        name: 'latency',
        title: 'Frame to result',
        text: latencyMs === undefined ? '–' : formatMs(latencyMs),
      },
      {
        name: 'dropped',
        title: 'Frames dropped',
        text: `${dropped} of ${received} (${Math.round(share * 100)}%)`,
      },
    ],
  };
}

// Without the results: it is read aloud when it changes.
function sentence(
  status: LiveState<unknown>['status'],
  task: TaskState<unknown, unknown>,
  { source, video }: LiveSessionState,
): string {
  const what = source === 'camera' ? 'the camera' : video.title;
  switch (status) {
    case 'idle':
      return source === 'camera' ? 'The camera is off.' : 'The video stands still.';
    case 'starting':
      return task.status === 'loading' ? 'Loading the model.' : `Starting ${what}.`;
    case 'running':
      return `Watching ${what}.`;
    case 'paused':
      return 'Paused while the page is hidden.';
    case 'error':
      return 'That did not work.';
  }
}
