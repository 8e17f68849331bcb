import { createStore, type ModelPlacement, type Store } from '@hayate/core';

/** A model that an engine holds. */
export interface LoadedModelInfo {
  /** The name of the task that it was loaded for. */
  readonly task: string;
  /** The model's key; see the `key` of the task's contract. */
  readonly key: string;
  readonly placement: ModelPlacement;
}

/** One model of {@link LoadedModels}, from its first load until it is released. */
export interface LoadedModelEntry {
  /** Sets where the model runs; called after each load. */
  show(placement: ModelPlacement): void;
  /** Removes the model. Later calls of `show` do nothing. */
  remove(): void;
}

/** The models that an engine holds, in the order of their first loads. */
export interface LoadedModels {
  readonly store: Store<readonly LoadedModelInfo[]>;
  add(task: string, key: string): LoadedModelEntry;
}

/** Creates an empty list of models. */
export function createLoadedModels(): LoadedModels {
  const { getSnapshot, subscribe, set } = createStore<readonly LoadedModelInfo[]>([]);
  return {
    store: { getSnapshot, subscribe },
    add(task, key) {
      let shown: LoadedModelInfo | undefined;
      let removed = false;
      return {
        show(placement) {
          if (removed) return;
          const next = { task, key, placement };
          const all = getSnapshot();
          set(shown === undefined ? [...all, next] : all.map((each) => (each === shown ? next : each)));
          shown = next;
        },
        remove() {
          removed = true;
          if (shown !== undefined) set(getSnapshot().filter((each) => each !== shown));
        },
      };
    },
  };
}
