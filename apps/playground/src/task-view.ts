import type { TaskState, Timings } from '@hayate/core';
import { problemOf, type Problem } from './error-help';
import { formatBytes, formatProgress, formatScore } from './format';
import type { OverlayItem } from './overlay';
import type { IntakeState } from './photo-intake';
import { photoLabel } from './photo-canvas';
import type { AnyTaskPage, ResultRow } from './task-page';
import type { SessionState } from './task-session';

/** All that a task's page shows, so that its React and its Vue half are nothing but markup. */
export interface TaskView {
  readonly status: TaskState<unknown, unknown>['status'];
  /** The status as a sentence; it is read aloud when it changes. */
  readonly sentence: string;
  /** Whether results are awaited. */
  readonly busy: boolean;
  readonly progress: { readonly text: string; readonly fraction: number | undefined } | undefined;
  /** Of the photo on the page only: undefined while it is looked at first, and when that failed. */
  readonly rows: readonly ResultRow[] | undefined;
  /** What is drawn over the photo. */
  readonly items: readonly OverlayItem[];
  /** The photo and its results, for those who cannot see them. */
  readonly label: string;
  readonly timings: Timings | undefined;
  readonly problem: Problem | undefined;
}

/** More are not read aloud. */
const MOST_SPOKEN = 10;

/** Puts what the task, the intake and the session say into one view. */
export function taskView(
  page: AnyTaskPage,
  state: TaskState<unknown, unknown>,
  intake: IntakeState,
  session: SessionState,
): TaskView {
  const { status, output } = state;
  const { photo, fetching } = intake;
  const isShown = status === 'ready' || (status === 'running' && session.keepsResults);
  const isThere = isShown && !fetching && photo !== undefined && output !== undefined;
  const rows = isThere ? page.rows(output) : undefined;
  const result = isThere ? page.sentence(output) : undefined;
  const isOwn = !page.models.includes(session.model);
  return {
    status,
    sentence: sentence(state, intake, result),
    busy: fetching || (photo !== undefined && (status === 'loading' || status === 'running')),
    progress: progressOf(state),
    rows,
    items: itemsOf(rows ?? []),
    label: photo === undefined ? '' : spoken(photoLabel(photo.file), result, rows ?? []),
    timings: rows && state.timings,
    problem: intake.problem ?? (status === 'error' && !fetching ? problemOf(state.error, isOwn) : undefined),
  };
}

/** The rows that have a place, with the number that stands in the list and on the box. */
export function itemsOf(rows: readonly ResultRow[]): readonly OverlayItem[] {
  return rows.flatMap(({ label, score, mark }, at) =>
    mark === undefined ? [] : [{ ...mark, number: at + 1, text: `${label} ${Math.round(score * 100)}%` }],
  );
}

function spoken(photo: string, result: string | undefined, rows: readonly ResultRow[]): string {
  if (result === undefined) return photo;
  const first = rows.slice(0, MOST_SPOKEN).map(({ label, score }, at) => {
    return `${at + 1}: ${label}, ${formatScore(score)}`;
  });
  const more = rows.length > MOST_SPOKEN ? `; and ${rows.length - MOST_SPOKEN} more` : '';
  return `${photo}. ${result} ${first.join('; ')}${more}`.trim();
}

function sentence(
  state: TaskState<unknown, unknown>,
  { photo, fetching }: IntakeState,
  result: string | undefined,
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
    case 'ready':
      return result ?? 'Ready for a photo.';
  }
}

/** How far a model's loading is. */
export function progressOf(state: TaskState<unknown, unknown>): TaskView['progress'] {
  if (state.status !== 'loading') return undefined;
  const { progress: at } = state;
  if (at === undefined) return { text: 'Asking for the model', fraction: undefined };
  if (at.phase === 'start') {
    const whole = at.totalBytes === undefined ? '' : `, ${formatBytes(at.totalBytes)}`;
    return { text: `All here${whole}. Starting`, fraction: 1 };
  }
  return { text: formatProgress(at.loadedBytes, at.totalBytes), fraction: at.fraction };
}
