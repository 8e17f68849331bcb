import type { TaskView, Timings } from '@hayate/core';
import { problemOf, type Problem } from './error-help';
import { formatBytes, formatDuration, formatProgress, formatRate, formatScore } from './format';
import type { OverlayItem } from './overlay';
import type { IntakeState } from './photo-intake';
import { photoLabel } from './photo-canvas';
import type { AnyTaskPage, ResultRow } from './task-page';
import type { SessionState } from './task-session';

/** How far the loading of a model has come, as it is shown. */
export interface ShownProgress {
  readonly text: string;
  /** The download's rate and the time that is left; empty while they are not known. */
  readonly rate: string;
  /** From 0 to 1; undefined while the total is not known. */
  readonly fraction: number | undefined;
}

/** All that a task's page shows, so that its React and its Vue half are only markup. */
export interface PhotoPageView {
  readonly status: TaskView<unknown>['status'];
  /** The status as a sentence. Screen readers read it when it changes. */
  readonly sentence: string;
  /** Whether results are on their way. */
  readonly busy: boolean;
  readonly progress: ShownProgress | undefined;
  /** The results of the photo that is shown; undefined until it has some, and after a failure. */
  readonly rows: readonly ResultRow[] | undefined;
  /** What is drawn over the photo. */
  readonly items: readonly OverlayItem[];
  /** The photo and its results as a text for screen readers. */
  readonly label: string;
  readonly timings: Timings | undefined;
  readonly problem: Problem | undefined;
}

/** Screen readers are given no more results than this. */
const MOST_SPOKEN = 10;

/** Joins the states of task, intake and session into what the page shows. */
export function photoPageView(
  page: AnyTaskPage,
  task: TaskView<unknown, unknown>,
  intake: IntakeState,
  session: SessionState,
): PhotoPageView {
  const { status, output, isLoading, isRunning } = task;
  const { photo, fetching } = intake;
  const isShown = status === 'ready' || (isRunning && session.keepsResults);
  const hasResults = isShown && !fetching && photo !== undefined && output !== undefined;
  const rows = hasResults ? page.rows(output) : undefined;
  const result = hasResults ? page.sentence(output) : undefined;
  const isOwn = !page.models.includes(session.model);
  return {
    status,
    sentence: sentence(task, intake, result),
    busy: fetching || (photo !== undefined && (isLoading || isRunning)),
    progress: progressOf(task),
    rows,
    items: itemsOf(rows ?? []),
    label: photo === undefined ? '' : spoken(photoLabel(photo.file), result, rows ?? []),
    timings: rows && task.timings,
    problem: intake.problem ?? (task.error && !fetching ? problemOf(task.error, isOwn) : undefined),
  };
}

/** The rows that have a place in the picture, numbered as in the list. */
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
  { status, progress }: TaskView<unknown, unknown>,
  { photo, fetching }: IntakeState,
  result: string | undefined,
): string {
  if (fetching) return 'Fetching the sample.';
  switch (status) {
    case 'idle':
      return 'The model is not loaded.';
    case 'loading':
      return progress?.phase === 'start' ? 'Starting the model.' : 'Fetching the model.';
    case 'running':
      return photo === undefined ? 'Looking.' : `Looking at ${photo.file.name}.`;
    case 'error':
      return 'That did not work.';
    case 'ready':
      return result ?? 'Ready for a photo.';
  }
}

/** How far the loading of a task's model has come; undefined unless it is being loaded. */
export function progressOf({ isLoading, progress }: TaskView<unknown, unknown>): ShownProgress | undefined {
  if (!isLoading) return undefined;
  if (progress === undefined) return { text: 'Asking for the model', rate: '', fraction: undefined };
  const { phase, loadedBytes, totalBytes, fraction } = progress;
  if (phase === 'start') {
    const whole = totalBytes === undefined ? '' : `, ${formatBytes(totalBytes)}`;
    return { text: `All here${whole}. Starting`, rate: '', fraction: 1 };
  }
  return { text: formatProgress(loadedBytes, totalBytes), rate: rateOf(progress), fraction };
}

function rateOf({ bytesPerSecond, secondsLeft }: NonNullable<TaskView<unknown>['progress']>): string {
  return [
    ...(bytesPerSecond === undefined ? [] : [formatRate(bytesPerSecond)]),
    ...(secondsLeft === undefined ? [] : [`${formatDuration(secondsLeft)} left`]),
  ].join(', ');
}
