import type { Store } from '@hayate/core';
import { useSyncExternalStore } from 'react';

/** A store's snapshot in a component. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
