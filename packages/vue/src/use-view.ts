import type { Store } from '@hayate/core';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';

/** Each part of a view as a ref. */
export type Refs<View> = { readonly [Part in keyof View]: ComputedRef<View[Part]> };

/** The parts of a store's state as refs, updated until `stop`. Does not subscribe on a server, so nothing is loaded there. */
export function useView<State, View extends object>(
  store: Store<State>,
  view: (state: State) => View,
): { readonly refs: Refs<View>; readonly stop: () => void } {
  // Shallow, because a proxy around a result could not be sent to a worker.
  const parts: ShallowRef<View> = shallowRef(view(store.getSnapshot()));
  const stop =
    typeof window === 'undefined'
      ? () => undefined
      : store.subscribe(() => {
          parts.value = view(store.getSnapshot());
        });
  const refs = Object.fromEntries(
    Object.keys(parts.value).map((name) => [name, computed(() => parts.value[name as keyof View])]),
  );
  return { refs: refs as Refs<View>, stop };
}
