import { createStore, type Store } from '@hayate/core';
import { pages, type Page } from './pages';

/** The page in the address: `#/detect`. An address without one that exists shows the first page. */
export interface Router extends Store<Page> {
  /** Goes to a page, as a click on its link does. */
  go(path: string): void;
}

/** Makes the router. While somebody listens, it follows the address and keeps the document's title. */
export function createRouter(faceTitle: string): Router {
  const store = createStore(read(), { graceMs: 0, onActive, onIdle: () => listening?.abort() });
  let listening: AbortController | undefined;

  function onActive(): void {
    listening = new AbortController();
    const follow = () => {
      store.set(read());
      document.title = `${store.getSnapshot().title} · Hayate in ${faceTitle}`;
    };
    follow();
    addEventListener('hashchange', follow, { signal: listening.signal });
  }

  return {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    go(path) {
      location.hash = hashOf(path);
    },
  };
}

/** The address of a page, relative to the document. */
export function hashOf(path: string): string {
  return `#/${path}`;
}

/** After a page has been replaced by another: to its top, and to its heading, which is then read aloud. */
export function enterPage(): void {
  scrollTo(0, 0);
  document.querySelector('h1')?.focus({ preventScroll: true });
}

function read(): Page {
  return pages.find(({ path }) => location.hash === hashOf(path)) ?? pages[0];
}
