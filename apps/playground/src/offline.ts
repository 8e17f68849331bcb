import { createStore, type Store } from '@hayate/core';
import type { Workbox } from 'workbox-window';
import type { PageEngine } from './engine';

/** How the page does without a network. */
export interface OfflineState {
  /**
   * `absent`: there are no service workers here, or none yet. `ready`: the page and its code are kept. `update`: so is a
   * newer version, which takes over when all pages of this one are gone, or at once on demand.
   */
  readonly status: 'absent' | 'ready' | 'update';
  readonly isOnline: boolean;
}

/** Keeps the page for when there is no network, and tells of newer versions. */
export interface Offline extends Store<OfflineState> {
  /** Reloads the page, and all others of this site, in the newer version. */
  update(): void;
}

/** Begins once the page is at rest: a model is loaded, or nobody has asked for one for some time. */
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
    // All pages lie one folder below.
    workbox = new Workbox(new URL('../service-worker.js', document.baseURI).href);
    workbox.addEventListener('waiting', () => {
      change({ status: 'update' });
    });
    const ready = () => {
      if (getSnapshot().status === 'absent') change({ status: 'ready' });
    };
    workbox.addEventListener('activated', ready);
    // In all pages at once: the scripts of the version before are no longer there.
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
      // A sandboxed page may not have one, and nothing else depends on it.
      register().catch(() => undefined);
    };
    const timer = setTimeout(begin, 10_000);
    const stop = engine.held.subscribe(() => {
      if (engine.held.getSnapshot().length > 0) begin();
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

/** What a person is told of it; nothing where there is nothing to tell. */
export function offlineWords({ status, isOnline }: OfflineState): string {
  if (status === 'update') return 'A newer version of this page is ready.';
  if (!isOnline) return 'There is no network. What was loaded before works without.';
  return status === 'ready' ? 'This page and what it has loaded work without a network from now on.' : '';
}
