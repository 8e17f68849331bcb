import type { Store } from '@hayate/core';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** A store's snapshot in a component. */
export function useStore<Value>({ getSnapshot, subscribe }: Store<Value>): Readonly<ShallowRef<Value>> {
  const snapshot = shallowRef(getSnapshot());
  const stop = subscribe(() => {
    snapshot.value = getSnapshot();
  });
  // What it became while it took up its work.
  snapshot.value = getSnapshot();
  onScopeDispose(stop);
  return snapshot;
}
