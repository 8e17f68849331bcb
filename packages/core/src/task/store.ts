import { notify } from '../async';

/** A value with listeners, as adapters of frameworks need it: the snapshot is replaced and never mutated. */
export interface Store<Value> {
  getSnapshot(): Value;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** A {@link Store} with a function to set its value. */
export interface WritableStore<Value> extends Store<Value> {
  /** Replaces the snapshot, and calls the listeners unless the value is the same. */
  set(value: Value): void;
  /** Whether the store has a listener, or had one within the last {@link StoreLifecycle.graceMs}. */
  readonly active: boolean;
}

/** Functions that are called when a store gets its first listener and when it has lost its last one. */
export interface StoreLifecycle {
  /** The time from the last `unsubscribe` to `onIdle`, in milliseconds, so that a quick remount costs nothing. */
  readonly graceMs: number;
  onActive(): void;
  onIdle(): void;
}

/** Creates a store. The functions of `lifecycle` are called for the first and after the last listener. */
export function createStore<Value>(initial: Value, lifecycle?: StoreLifecycle): WritableStore<Value> {
  const listeners = new Set<() => void>();
  let snapshot = initial;
  let active = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stopSoon(): void {
    if (lifecycle === undefined) return;
    timer = setTimeout(() => {
      active = false;
      lifecycle.onIdle();
    }, lifecycle.graceMs);
    // In Node a pending timer must not keep the process alive. In a page a timer is a number without `unref`.
    (timer as { unref?: () => void }).unref?.();
  }

  return {
    getSnapshot: () => snapshot,
    get active() {
      return active;
    },
    set(value) {
      if (Object.is(value, snapshot)) return;
      snapshot = value;
      for (const listener of [...listeners]) notify(listener);
    },
    subscribe(listener) {
      // Wrapped, so that the same function subscribed twice counts twice.
      const entry = () => listener();
      listeners.add(entry);
      clearTimeout(timer);
      if (!active) {
        active = true;
        lifecycle?.onActive();
      }
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) stopSoon();
      };
    },
  };
}
