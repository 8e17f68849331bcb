import { createStore, type Store } from '@hayate/core';
import type { FrameSource } from '@hayate/core/live';
import { camera, frames, type ImageInput } from '@hayate/vision';

/** The sources of the picture. */
export const stageSources = [
  { name: 'photo', title: 'Photo' },
  { name: 'camera', title: 'Camera' },
  { name: 'video', title: 'Video' },
] as const;

/** One of {@link stageSources}, by its name. */
export type StageSource = (typeof stageSources)[number]['name'];

/** The source that a person has chosen. All task pages share it, so that the camera stays on from page to page. */
export interface LiveSessionState {
  readonly source: StageSource;
  /** Whether frames are wanted: the person has started the source and not stopped it. */
  readonly wanted: boolean;
  /** Whether the source was not started yet: an error of the source before it is not shown. */
  readonly isFresh: boolean;
  /** The cameras to choose from; known once one was used. */
  readonly cameras: readonly { readonly id: string; readonly title: string }[];
  /** The camera that was chosen; undefined for the browser's choice. */
  readonly cameraId: string | undefined;
  readonly video: { readonly url: string; readonly title: string };
}

/** The source that was chosen, and its frames. */
export interface LiveSession extends Store<LiveSessionState> {
  choose(source: StageSource): void;
  start(): void;
  stop(): void;
  /** An empty id stands for the browser's choice. */
  chooseCamera(id: string): void;
  takeVideo(file: File): void;
  /** The frames of the chosen source. */
  frames(): FrameSource<ImageInput>;
}

const SAMPLE = {
  url: new URL('../../../../samples/live.webm', import.meta.url).href,
  title: 'the sample video',
};

/** Makes the session. No source is started. */
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

  /** Lists the cameras. The browser gives their names only to a page that uses one. */
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
      const { source: kind, cameraId, video } = store.getSnapshot();
      if (kind === 'video') return playedFrames(video.url);
      const source = camera(cameraId === undefined ? { facing: 'user' } : { deviceId: cameraId });
      return watchFirst(source, () => void listCameras().catch(() => undefined));
    },
  };
}

/** The frames of a video, which plays in a loop while they are taken. */
function playedFrames(url: string): FrameSource<ImageInput> {
  return {
    [Symbol.asyncIterator]() {
      const video = document.createElement('video');
      Object.assign(video, { muted: true, loop: true, playsInline: true, src: url });
      const inner = frames(video)[Symbol.asyncIterator]();
      return {
        next() {
          // If it cannot play, its `error` event ends the frames with an error.
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

/** The same frames; `onFirst` is called with the first one. */
function watchFirst<Value>(source: AsyncIterable<Value>, onFirst: () => void): AsyncIterable<Value> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      let isFirst = true;
      return {
        async next() {
          const step = await inner.next();
          if (isFirst && step.done !== true) onFirst();
          isFirst = false;
          return step;
        },
        return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
