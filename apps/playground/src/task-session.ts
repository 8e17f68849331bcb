import { createStore, type Manifest, type RunControl, type Store, type TaskState } from '@hayate/core';
import { readModelLabels } from './read-model-labels';
import type { Photo } from './photo-intake';
import type { AnyTaskPage, ControlValues } from './task-page';

/** What a person has chosen on a task's page. */
export interface SessionState {
  readonly model: Manifest;
  /** A new object whenever another run is needed. */
  readonly values: ControlValues;
  /** The labels of the model, once somebody may choose among them. */
  readonly labels: readonly string[];
  /** The number of the result under the pointer, or of the one that was clicked; from 1. */
  readonly highlighted: number | undefined;
  /** Whether the last results belong to the photo that is shown, so that they can stay while the next run is made. */
  readonly keepsResults: boolean;
}

type Run = (input: File, options: object & RunControl) => Promise<unknown>;
type Status = TaskState<unknown>['status'];

/** What was chosen on a task's page. It outlives the page's markup. */
export interface TaskSession extends Store<SessionState> {
  choose(model: Manifest): void;
  setValue(name: string, value: number | string | undefined): void;
  /** What the values mean for a run. */
  options(): object;
  /** Highlights the result under the pointer, or none. */
  point(number: number | undefined): void;
  /** Keeps a result highlighted, or lets it go. */
  pin(number: number | undefined): void;
  /** Runs on a photo with what is chosen. `status` is that of the task before the run. */
  run(photo: Photo, status: Status, run: Run): void;
  /** Forgets which photo the last results belong to, where the source is no photo any more. */
  clear(): void;
}

/** Makes the session of a page. */
export function createTaskSession(page: AnyTaskPage): TaskSession {
  const store = createStore<SessionState>({
    model: page.models[0],
    values: {},
    labels: [],
    highlighted: undefined,
    keepsResults: false,
  });
  let pinned: number | undefined;
  let lastRun: { readonly photo: Photo; readonly model: Manifest } | undefined;

  function options(): object {
    return page.options(store.getSnapshot().values);
  }

  function update(changes: Partial<SessionState>): void {
    store.set({ ...store.getSnapshot(), ...changes });
  }

  function readLabels(): void {
    const { model: current } = store.getSnapshot();
    if (!page.controls.some(({ kind }) => kind === 'label')) return;
    void readModelLabels(current).then((labels) => {
      if (store.getSnapshot().model === current) update({ labels });
    });
  }
  // Labels are fetched once the page is shown for the first time.
  let isShown = false;

  return {
    getSnapshot: store.getSnapshot,
    subscribe(listener) {
      if (!isShown) readLabels();
      isShown = true;
      return store.subscribe(listener);
    },
    choose(next) {
      if (next === store.getSnapshot().model) return;
      update({ model: next, values: {}, labels: [], keepsResults: false });
      if (isShown) readLabels();
    },
    setValue(name, value) {
      const { [name]: _, ...others } = store.getSnapshot().values;
      update({ values: value === undefined ? others : { ...others, [name]: value } });
    },
    options,
    point(number) {
      const highlighted = number ?? pinned;
      if (highlighted !== store.getSnapshot().highlighted) update({ highlighted });
    },
    pin(number) {
      pinned = number === pinned ? undefined : number;
      update({ highlighted: pinned });
    },
    run(photo, status, run) {
      const { model: current, keepsResults } = store.getSnapshot();
      const same = lastRun?.photo === photo && lastRun.model === current;
      lastRun = { photo, model: current };
      pinned = undefined;
      update({ keepsResults: same && (keepsResults || status === 'ready'), highlighted: undefined });
      // Where photos or values change faster than the model runs, only the newest run is made.
      void run(photo.file, { ...options(), policy: 'latest' });
    },
    clear() {
      lastRun = undefined;
      pinned = undefined;
      update({ keepsResults: false, highlighted: undefined });
    },
  };
}
