import type { FileProgress } from '@hayate/core';

/** Sends the progress of one download from its tab or worker to the others that wait for the same file. */
export interface SharedProgress {
  /** This realm now does the download: it sends progress and no longer receives it. */
  lead(): void;
  /** Sends progress to the others. */
  post(progress: FileProgress): void;
  close(): void;
}

interface Message {
  readonly id: string;
  /** Without it, the message asks for the latest progress. */
  readonly progress?: FileProgress;
}

/**
 * Opens the channel of the store `store` for the file `id`. `listener` receives the progress of the realm that downloads,
 * the latest one at once.
 */
export function shareProgress(
  store: string,
  id: string,
  listener: (progress: FileProgress) => void,
): SharedProgress {
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
  // There are no other realms to send to.
}
