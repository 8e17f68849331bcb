import type { OnProgress } from './progress';

/** Carries the progress of one download from the tab or worker that does it to those that wait for it. */
export interface SharedProgress {
  /** Tells the others. */
  post: OnProgress;
  /** No longer hears the others. */
  deafen(): void;
  close(): void;
}

interface Message {
  readonly id: string;
  readonly progress: Parameters<OnProgress>[0];
}

/** Opens the channel of a store's tabs for the file `id`. `listener` hears what another tells of it. */
export function shareProgress(store: string, id: string, listener: OnProgress): SharedProgress {
  if (typeof BroadcastChannel === 'undefined') return { post: ignore, deafen: ignore, close: ignore };
  const channel = new BroadcastChannel(`hayate ${store}`);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.id === id) listener(data.progress);
  };
  return {
    post(progress) {
      channel.postMessage({ id, progress } satisfies Message);
    },
    deafen() {
      channel.onmessage = null;
    },
    close() {
      channel.close();
    },
  };
}

function ignore(): void {
  // There is nobody to tell.
}
