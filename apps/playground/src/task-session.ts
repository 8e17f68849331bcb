import { createStore, type RunControl, type Store } from '@hayate/core';
import type { Manifest } from '@hayate/core';
import { readModelLabels } from './model-labels';
import type { Photo } from './photo-intake';
import type { AnyTaskPage, ControlValues } from './task-page';

/** What a person has chosen on a task's page. */
export interface SessionState {
  readonly model: Manifest;
  readonly values: ControlValues;
  /** What {@link values} come to; a new object when a run has to be made anew. */
  readonly options: object;
  /** The labels of the model, once somebody may choose among them. */
  readonly labels: readonly string[];
  /** The number of the result that is pointed at, or that was clicked; from 1. */
  readonly highlighted: number | undefined;
  /** Whether the last results are of the photo on show, so that they can stay while it is looked at again. */
  readonly keepsResults: boolean;
}

type Run = (input: File, options: object & RunControl) => Promise<unknown>;

/** A task's page as a person has left it; it outlives the page's markup. */
export interface TaskSession extends Store<SessionState> {
  choose(model: Manifest): void;
  setValue(name: string, value: number | string | undefined): void;
  /** Points at a result, or at none. */
  point(number: number | undefined): void;
  /** Keeps a result highlighted, or lets it go. */
  pin(number: number | undefined): void;
  /** Runs on a photo with what is chosen. `status` is the task's before. */
  look(photo: Photo, status: string, run: Run): void;
  /** The last results are of something else now, such as a camera. */
  lookAway(): void;
}

/** Makes the session of a page. */
export function createTaskSession(page: AnyTaskPage): TaskSession {
  const [model] = page.models;
  const store = createStore<SessionState>({
    ...chosen(model),
    labels: [],
    highlighted: undefined,
    keepsResults: false,
  });
  let pinned: number | undefined;
  let last: { readonly photo: Photo; readonly model: Manifest } | undefined;

  function chosen(next: Manifest, values: ControlValues = {}) {
    return { model: next, values, options: page.options(values) };
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
  // Not before the page is seen.
  let seen = false;

  return {
    getSnapshot: store.getSnapshot,
    subscribe(listener) {
      if (!seen) readLabels();
      seen = true;
      return store.subscribe(listener);
    },
    choose(next) {
      if (next === store.getSnapshot().model) return;
      update({ ...chosen(next), labels: [], keepsResults: false });
      if (seen) readLabels();
    },
    setValue(name, value) {
      const { model: current, values } = store.getSnapshot();
      const { [name]: _, ...others } = values;
      update(chosen(current, value === undefined ? others : { ...others, [name]: value }));
    },
    point(number) {
      const highlighted = number ?? pinned;
      if (highlighted !== store.getSnapshot().highlighted) update({ highlighted });
    },
    pin(number) {
      pinned = number === pinned ? undefined : number;
      update({ highlighted: pinned });
    },
    look(photo, status, run) {
      const { model: current, options, keepsResults } = store.getSnapshot();
      const same = last?.photo === photo && last.model === current;
      last = { photo, model: current };
      pinned = undefined;
      update({ keepsResults: same && (keepsResults || status === 'ready'), highlighted: undefined });
      // Of sliders and photos that come faster than the model, only the last one counts.
      void run(photo.file, { ...options, policy: 'latest' });
    },
    lookAway() {
      last = undefined;
      pinned = undefined;
      update({ keepsResults: false, highlighted: undefined });
    },
  };
}
