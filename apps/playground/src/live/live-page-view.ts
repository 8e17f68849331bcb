import type { Manifest, TaskView } from '@hayate/core';
import type { LiveState, LiveView } from '@hayate/core/live';
import { liveProblemOf } from '../error-help';
import { formatMs } from '../format';
import { progressOf, type PhotoPageView } from '../photo-page-view';
import type { AnyTaskPage } from '../task-page';
import type { LiveSessionState } from './live-session';

/** What the page shows while its source is a camera or a video. */
export interface LivePageView extends Omit<PhotoPageView, 'status' | 'items' | 'label'> {
  readonly status: LiveState<unknown>['status'];
  /** Frame rate, latency and dropped frames. */
  readonly figures: readonly { readonly name: string; readonly title: string; readonly text: string }[];
}

/** Joins the states of live task, task and session into what the page shows. */
export function livePageView(
  page: AnyTaskPage,
  live: LiveView<unknown>,
  task: TaskView<unknown, unknown>,
  session: LiveSessionState,
  model: Manifest,
): LivePageView {
  const { output, timings, stats, error } = live;
  const status = live.isError && session.isFresh ? 'idle' : live.status;
  const { received, dropped, fps, latencyMs } = stats;
  // The live task keeps its last output, which may be of another source.
  const isShown = status !== 'idle' && output !== undefined && stats.results > 0;
  const share = received === 0 ? 0 : dropped / received;
  return {
    status,
    sentence: sentence(status, task, session),
    busy: status === 'starting',
    progress: progressOf(task),
    rows: isShown ? page.rows(output) : undefined,
    timings: isShown ? timings : undefined,
    problem: error && !session.isFresh ? liveProblemOf(error, !page.models.includes(model)) : undefined,
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

// It does not name the results: screen readers read it when it changes.
function sentence(
  status: LiveState<unknown>['status'],
  { isLoading }: TaskView<unknown, unknown>,
  { source, video }: LiveSessionState,
): string {
  const what = source === 'camera' ? 'the camera' : video.title;
  switch (status) {
    case 'idle':
      return source === 'camera' ? 'The camera is off.' : 'The video stands still.';
    case 'starting':
      return isLoading ? 'Loading the model.' : `Starting ${what}.`;
    case 'running':
      return `Watching ${what}.`;
    case 'paused':
      return 'Paused while the page is hidden.';
    case 'error':
      return 'That did not work.';
  }
}
