import type { Classification } from '@hayate/core/tasks/image-classification';
import type { TaskState, Timings } from '@hayate/core';
import { backendWords, type BackendWords } from './backend-words';
import type { EngineChoice } from './engine';
import { problemOf, type Problem } from './error-help';
import { formatBytes, formatProgress, formatScore } from './format';
import type { IntakeState } from './photo-intake';

/** All that the page shows, so that its React and its Vue half are nothing but markup. */
export interface PageView {
  readonly status: TaskState<unknown>['status'];
  /** The status as a sentence; it is read aloud when it changes. */
  readonly sentence: string;
  /** Whether results are awaited. */
  readonly busy: boolean;
  readonly progress: { readonly text: string; readonly fraction: number | undefined } | undefined;
  /** Of the photo on the page only: undefined while it is looked at, and when that failed. */
  readonly results: readonly Classification[] | undefined;
  readonly timings: Timings | undefined;
  readonly backend: BackendWords | undefined;
  readonly problem: Problem | undefined;
}

/** Puts what the task and the intake say into one view. */
export function pageView(
  state: TaskState<readonly Classification[]>,
  intake: IntakeState,
  choice: EngineChoice,
): PageView {
  const { status } = state;
  const { photo, fetching } = intake;
  const finished = status === 'ready' && !fetching && photo !== undefined;
  const results = finished ? state.output : undefined;
  return {
    status,
    sentence: sentence(state, intake, results),
    busy: fetching || (photo !== undefined && (status === 'loading' || status === 'running')),
    progress: progress(state),
    results,
    timings: results && state.timings,
    backend: 'backend' in state ? backendWords(state, choice, crossOriginIsolated) : undefined,
    problem: intake.problem ?? (status === 'error' && !fetching ? problemOf(state.error) : undefined),
  };
}

function sentence(
  state: TaskState<unknown>,
  { photo, fetching }: IntakeState,
  results: readonly Classification[] | undefined,
): string {
  if (fetching) return 'Fetching the sample.';
  switch (state.status) {
    case 'idle':
      return 'The model is not loaded.';
    case 'loading':
      return state.progress?.phase === 'start' ? 'Starting the model.' : 'Fetching the model.';
    case 'running':
      return photo === undefined ? 'Looking.' : `Looking at ${photo.file.name}.`;
    case 'error':
      return 'That did not work.';
    case 'ready': {
      const [best] = results ?? [];
      return best === undefined
        ? 'Ready for a photo.'
        : `Most likely: ${best.label}, ${formatScore(best.score)}.`;
    }
  }
}

function progress(state: TaskState<unknown>): PageView['progress'] {
  if (state.status !== 'loading') return undefined;
  const { progress: at } = state;
  if (at === undefined) return { text: 'Asking for the model', fraction: undefined };
  if (at.phase === 'start') {
    const whole = at.totalBytes === undefined ? '' : `, ${formatBytes(at.totalBytes)}`;
    return { text: `All here${whole}. Starting`, fraction: 1 };
  }
  return { text: formatProgress(at.loadedBytes, at.totalBytes), fraction: at.fraction };
}
