import { createStore, type Manifest, type Store } from '@hayate/core';

/** The models that a person has brought. They are forgotten with the page, for it does not store their files. */
export interface OwnModels extends Store<readonly Manifest[]> {
  add(model: Manifest): void;
  remove(model: Manifest): void;
}

/** Makes an empty list. */
export function createOwnModels(): OwnModels {
  const { getSnapshot, subscribe, set } = createStore<readonly Manifest[]>([]);
  return {
    getSnapshot,
    subscribe,
    add(model) {
      set([...getSnapshot(), model]);
    },
    remove(model) {
      set(getSnapshot().filter((each) => each !== model));
    },
  };
}
