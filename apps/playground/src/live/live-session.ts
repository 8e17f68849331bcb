import { createStore, type Store } from '@hayate/core';
import type { FrameSource } from '@hayate/core/live';
import { camera, frames, type ImageInput } from '@hayate/vision';

/** Where the stage's picture may come from. */
export const stageSources = [
  { name: 'photo', title: 'Photo' },
  { name: 'camera', title: 'Camera' },
  { name: 'video', title: 'Video' },
] as const;

/** One of {@link stageSources}, by its name. */
export type StageSource = (typeof stageSources)[number]['name'];

/** What is live, as a person has chosen it; one for all pages, so that the camera goes along from page to page. */
export interface LiveSessionState {
  readonly source: StageSource;
  /** Whether frames are to come. */
  readonly wanted: boolean;
  /** Whether nothing was started since the source was chosen: what became of another is forgotten. */
  readonly isFresh: boolean;
  /** The cameras that may be chosen; known once one was used. */
  readonly cameras: readonly { readonly id: string; readonly title: string }[];
  /** The one that was chosen; else the browser's choice. */
  readonly cameraId: string | undefined;
  readonly video: { readonly url: string; readonly title: string };
}

/** The person's choice, and the frames that come of it. */
export interface LiveSession extends Store<LiveSessionState> {
  choose(source: StageSource): void;
  start(): void;
  stop(): void;
  /** An empty id is the browser's own choice. */
  chooseCamera(id: string): void;
  takeVideo(file: File): void;
  /** The frames of what is chosen now. */
  frames(): FrameSource<ImageInput>;
}

const SAMPLE = {
  url: new URL('../../../../samples/live.webm', import.meta.url).href,
  title: 'the sample video',
};

/** Makes the session; nothing is live in it. */
export function createLiveSession(): LiveSession {
  const store = createStore<LiveSessionState>({
    source: 'photo',
    wanted: false,
    isFresh: true,
    cameras: [],
    cameraId: undefined,
    video: SAMPLE,
  });
  const update = (changes: Partial<LiveSessionState>) => {
    store.set({ ...store.getSnapshot(), ...changes });
  };

  /** Lists the cameras; their names are told to a page that uses one. */
  async function listCameras(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const cameras = devices
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
      .map(({ deviceId, label }, at) => ({ id: deviceId, title: label || `Camera ${at + 1}` }));
    update({ cameras });
  }

  return {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    choose(source) {
      if (source !== store.getSnapshot().source) update({ source, wanted: false, isFresh: true });
    },
    start: () => {
      update({ wanted: true, isFresh: false });
    },
    stop: () => {
      update({ wanted: false });
    },
    chooseCamera: (id) => {
      update({ cameraId: id === '' ? undefined : id });
    },
    takeVideo(file) {
      const { url } = store.getSnapshot().video;
      if (url.startsWith('blob:')) URL.revokeObjectURL(url);
      const video = { url: URL.createObjectURL(file), title: file.name };
      update({ video, source: 'video', wanted: true, isFresh: false });
    },
    frames() {
      const { source, cameraId, video } = store.getSnapshot();
      if (source === 'video') return playedFrames(video.url);
      const seen = camera(cameraId === undefined ? { facing: 'user' } : { deviceId: cameraId });
      return watchFirst(seen, () => void listCameras().catch(() => undefined));
    },
  };
}

/** A video's frames; it plays, over and over, while they are taken. */
function playedFrames(url: string): FrameSource<ImageInput> {
  return {
    [Symbol.asyncIterator]() {
      const video = document.createElement('video');
      Object.assign(video, { muted: true, loop: true, playsInline: true, src: url });
      const inner = frames(video)[Symbol.asyncIterator]();
      return {
        next() {
          // What keeps it from playing is told by its `error` event, as an error of the frames.
          if (video.paused) video.play().catch(() => undefined);
          return inner.next();
        },
        async return() {
          video.pause();
          video.removeAttribute('src');
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** The same frames; the first one is told. */
function watchFirst<Value>(source: AsyncIterable<Value>, onFirst: () => void): AsyncIterable<Value> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      let told = false;
      return {
        async next() {
          const step = await inner.next();
          if (!told && step.done !== true) onFirst();
          told = true;
          return step;
        },
        return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
