import { createDeferred } from '../async';

/** Whether the page is visible. Without a document, as in Node, it counts as visible. */
export interface PageVisibility {
  hidden(): boolean;
  /** Resolves when the page is visible, or after `stop`. */
  shown(): Promise<void>;
  stop(): void;
}

/** Watches the page's visibility until `stop`. */
export function watchPageVisibility(onChange: (hidden: boolean) => void): PageVisibility {
  const page = typeof document === 'undefined' ? undefined : document;
  let stopped = false;
  let change = createDeferred();
  const hidden = () => page?.visibilityState === 'hidden';
  const changed = () => {
    change.resolve();
    change = createDeferred();
  };
  const listener = () => {
    onChange(hidden());
    changed();
  };
  page?.addEventListener('visibilitychange', listener);
  return {
    hidden,
    async shown() {
      while (hidden() && !stopped) await change.promise;
    },
    stop() {
      stopped = true;
      page?.removeEventListener('visibilitychange', listener);
      changed();
    },
  };
}
