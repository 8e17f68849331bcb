import { createStore, type Store } from '@hayate/core';
import type { Workbox } from 'workbox-window';
import type { PageEngine } from './engine';

/** Whether the page works without a network. */
export interface OfflineState {
  /**
   * `absent`: no service worker is active. `ready`: the page and its code are stored. `update`: a newer version is stored
   * too; it takes over once all pages of this version are closed, or when `update` is called.
   */
  readonly status: 'absent' | 'ready' | 'update';
  readonly isOnline: boolean;
}

/** Stores the page for use without a network, and tells of newer versions. */
export interface Offline extends Store<OfflineState> {
  /** Reloads this page and all others of the site in the newer version. */
  update(): void;
}

/** Registers the service worker once a model is loaded, or after ten seconds without one. */
export function createOffline(engine: PageEngine): Offline {
  const { getSnapshot, subscribe, set } = createStore<OfflineState>({
    status: 'absent',
    isOnline: navigator.onLine,
  });
  const change = (part: Partial<OfflineState>) => {
    set({ ...getSnapshot(), ...part });
  };
  let workbox: Workbox | undefined;

  async function register(): Promise<void> {
    const { Workbox } = await import('workbox-window');
    // The pages are one folder below the service worker.
    workbox = new Workbox(new URL('../service-worker.js', document.baseURI).href);
    workbox.addEventListener('waiting', () => {
      change({ status: 'update' });
    });
    const ready = () => {
      if (getSnapshot().status === 'absent') change({ status: 'ready' });
    };
    workbox.addEventListener('activated', ready);
    // All pages reload, for the scripts of the version before are no longer there.
    workbox.addEventListener('controlling', ({ isUpdate }) => {
      if (isUpdate) location.reload();
    });
    const registration = await workbox.register();
    if (registration?.waiting) change({ status: 'update' });
    else if (registration?.active) ready();
  }

  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      clearTimeout(timer);
      stop();
      // A sandboxed page may not register one, and nothing else depends on it.
      register().catch(() => undefined);
    };
    const timer = setTimeout(begin, 10_000);
    const stop = engine.models.subscribe(() => {
      if (engine.models.getSnapshot().length > 0) begin();
    });
  }
  for (const type of ['online', 'offline']) {
    addEventListener(type, () => {
      change({ isOnline: navigator.onLine });
    });
  }

  return {
    getSnapshot,
    subscribe,
    update() {
      workbox?.messageSkipWaiting();
    },
  };
}

/** Describes the state to a person; empty where there is nothing to say. */
export function describeOffline({ status, isOnline }: OfflineState): string {
  if (status === 'update') return 'A newer version of this page is ready.';
  if (!isOnline) return 'There is no network. What was loaded before works without.';
  return status === 'ready' ? 'This page and what it has loaded work without a network from now on.' : '';
}
