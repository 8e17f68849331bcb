import type { OnProgress } from './progress';

/** Carries the progress of one download from the tab or worker that does it to those that wait for it. */
export interface SharedProgress {
  /** Takes the download over: from now on tells the others, and no longer hears them. */
  lead(): void;
  /** Tells the others how far it is. */
  post: OnProgress;
  close(): void;
}

interface Message {
  readonly id: string;
  /** None asks how far it is. */
  readonly progress?: Parameters<OnProgress>[0];
}

/**
 * Opens the channel of a store's tabs for the file `id`. `listener` hears what another tells of it, and at once how far
 * that is.
 */
export function shareProgress(store: string, id: string, listener: OnProgress): SharedProgress {
  if (typeof BroadcastChannel === 'undefined') return { lead: ignore, post: ignore, close: ignore };
  const channel = new BroadcastChannel(`hayate ${store}`);
  let last: Message = { id };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.id === id && data.progress) listener(data.progress);
  };
  channel.postMessage(last);
  return {
    lead() {
      channel.onmessage = ({ data }: MessageEvent<Message>) => {
        if (data.id === id && !data.progress && last.progress) channel.postMessage(last);
      };
    },
    post(progress) {
      last = { id, progress };
      channel.postMessage(last);
    },
    close() {
      channel.close();
    },
  };
}

function ignore(): void {
  // There is nobody to tell.
}
