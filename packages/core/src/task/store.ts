import { notify } from '../async';

/** All that an adapter needs: a snapshot that is replaced, never changed, and a way to listen. */
export interface Store<Value> {
  getSnapshot(): Value;
  /** Calls `listener` after each change; the returned function ends it. */
  subscribe(listener: () => void): () => void;
}

/** A {@link Store} whose owner may set it. */
export interface WritableStore<Value> extends Store<Value> {
  /** Replaces the snapshot. Listeners hear of it unless it is the same value. */
  set(value: Value): void;
  /** Whether it has a listener, or had one until a moment ago; see {@link StoreLifecycle.graceMs}. */
  readonly active: boolean;
}

/** What happens when a store's first listener comes and its last one has gone. */
export interface StoreLifecycle {
  /** How long the last listener must be gone, in milliseconds, so that a quick remount costs nothing. */
  readonly graceMs: number;
  onActive(): void;
  onIdle(): void;
}

/** Makes a store. With `lifecycle` it starts on its first listener and stops some time after its last. */
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
    // A page has numbers for timers; in Node a pending one must not keep the process alive.
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
