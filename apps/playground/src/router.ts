import { createStore, type Store } from '@hayate/core';
import { pages, type Page } from './pages';

/** The page that the address names, as in `#/detect`; the first page where it names none. */
export interface Router extends Store<Page> {
  /** Goes to a page, as a click on its link would. */
  go(path: string): void;
}

/** Makes the router. While it has a listener, it follows the address and sets the document's title. */
export function createRouter(frameworkTitle: string): Router {
  const store = createStore(read(), { graceMs: 0, onActive, onIdle: () => listening?.abort() });
  let listening: AbortController | undefined;

  function onActive(): void {
    listening = new AbortController();
    const follow = () => {
      store.set(read());
      document.title = `${store.getSnapshot().title} · Hayate in ${frameworkTitle}`;
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

/** Scrolls to the top of a page that is shown anew, and focuses its heading, which screen readers then read. */
export function enterPage(): void {
  scrollTo(0, 0);
  document.querySelector('h1')?.focus({ preventScroll: true });
}

function read(): Page {
  return pages.find(({ path }) => location.hash === hashOf(path)) ?? pages[0];
}
