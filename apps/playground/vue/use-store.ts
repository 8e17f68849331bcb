import type { Store } from '@hayate/core';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** A store's snapshot in a component. */
export function useStore<Value>({ getSnapshot, subscribe }: Store<Value>): Readonly<ShallowRef<Value>> {
  const snapshot = shallowRef(getSnapshot());
  const stop = subscribe(() => {
    snapshot.value = getSnapshot();
  });
  // A store may change when it gets its first listener.
  snapshot.value = getSnapshot();
  onScopeDispose(stop);
  return snapshot;
}
