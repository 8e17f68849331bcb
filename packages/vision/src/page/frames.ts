import { closeFrame, type Frame } from '@hayate/core/live';
import { badPicture } from '../image';
import { grabVideo } from '../grab-video';
import { pushIterable } from './push-iterable';

/** A frame of a video or track. Its receiver closes the input. */
export type MediaFrame = Frame<VideoFrame | ImageBitmap>;

/** `MediaStreamTrackProcessor`: reads the frames of a track. Other browsers than Chromium have it in workers only. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorConstructor = new (options: {
  track: MediaStreamTrack;
  maxBufferSize?: number;
}) => TrackProcessor;

/**
 * The frames of a `<video>` or of a camera's track, as they are shown. A track is read by `MediaStreamTrackProcessor` if
 * the browser has it, else by `requestVideoFrameCallback`, as a `<video>` is. The iteration ends when the video or the
 * track ends. Ending the iteration does not pause the element or stop the track, which belong to the caller.
 *
 * @throws HayateError `bad-input`, from the iteration: the video cannot be played, or comes from another origin that
 * does not allow it to be read.
 */
export function frames(source: HTMLVideoElement | MediaStreamTrack): AsyncIterable<MediaFrame> {
  if (!('readyState' in source && typeof source.readyState === 'string')) {
    return videoFrames(source);
  }
  const { MediaStreamTrackProcessor: Processor } = globalThis as {
    MediaStreamTrackProcessor?: TrackProcessorConstructor;
  };
  const track = source;
  return {
    [Symbol.asyncIterator]() {
      // `MediaStreamTrackProcessor` throws for a track that has ended.
      if (Processor === undefined || track.readyState === 'ended')
        return playTrack(track)[Symbol.asyncIterator]();
      return readTrack(new Processor({ track, maxBufferSize: 1 }));
    },
  };
}

function readTrack({ readable }: TrackProcessor): AsyncIterator<MediaFrame, undefined> {
  const reader = readable.getReader();
  return {
    async next() {
      const { value } = await reader.read();
      return value === undefined
        ? { done: true, value }
        : { done: false, value: { input: value, timeMs: value.timestamp / 1000 } };
    },
    async return() {
      await reader.cancel().catch(() => undefined); // resolves a pending read
      return { done: true, value: undefined };
    },
  };
}

/** Plays a track in a `<video>` that is not in the document. */
function playTrack(track: MediaStreamTrack): AsyncIterable<MediaFrame> {
  return pushIterable<MediaFrame>(({ push, end, fail }) => {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    if (track.readyState === 'ended') end();
    track.addEventListener('ended', end);
    const stop = watchVideo(video, push, end, fail);
    video.play().catch((cause: unknown) => {
      fail(badPicture('the track cannot be played', cause));
    });
    return () => {
      stop();
      track.removeEventListener('ended', end);
      video.pause();
      video.srcObject = null;
    };
  }, closeFrame);
}

function videoFrames(video: HTMLVideoElement): AsyncIterable<MediaFrame> {
  return pushIterable<MediaFrame>(({ push, end, fail }) => watchVideo(video, push, end, fail), closeFrame);
}

/** Calls `push` for each frame that is shown, until the returned function is called. */
function watchVideo(
  video: HTMLVideoElement,
  push: (frame: MediaFrame) => void,
  end: () => void,
  fail: (error: Error) => void,
): () => void {
  let stopped = false;
  const broken = () => {
    fail(
      badPicture(`the video cannot be played (${video.error?.message ?? 'no reason is given'})`, video.error),
    );
  };
  const take = (timeMs: number) => {
    grabVideo(video).then(
      (image) => {
        if (stopped) image.close();
        else push({ input: image, timeMs: ownTimeMs(image) ?? timeMs });
      },
      (cause: unknown) => {
        // In Chromium a video's first frame may be readable only some time after its events say so.
        if (cause instanceof DOMException && cause.name === 'InvalidStateError') return;
        fail(badPicture(cause instanceof Error ? cause.message : String(cause), cause));
      },
    );
  };
  const onFrame: VideoFrameRequestCallback = (now, { mediaTime }) => {
    request = video.requestVideoFrameCallback(onFrame);
    // A late callback finds the frame of now, not the announced one.
    const lateMs = video.paused ? 0 : Math.max(0, performance.now() - now) * video.playbackRate;
    take(mediaTime * 1000 + lateMs);
  };
  if (!('requestVideoFrameCallback' in video)) {
    fail(badPicture('this browser does not report when a <video> shows a frame'));
    return () => undefined;
  }
  let request = video.requestVideoFrameCallback(onFrame);
  video.addEventListener('ended', end);
  video.addEventListener('error', broken);
  if (video.error !== null) broken(); // the event has fired already
  // A paused video shows no new frame, so its current frame is taken at once.
  if (video.paused && video.readyState >= video.HAVE_CURRENT_DATA) take(video.currentTime * 1000);
  return () => {
    stopped = true;
    video.cancelVideoFrameCallback(request);
    video.removeEventListener('ended', end);
    video.removeEventListener('error', broken);
  };
}

/**
 * The time of a frame, in milliseconds, by its own timestamp, which is exact. Undefined in Firefox, where the timestamp of
 * a `<video>`'s frames is always 1 or, after a while, 2 microseconds.
 */
function ownTimeMs(image: VideoFrame | ImageBitmap): number | undefined {
  return 'timestamp' in image && image.timestamp > 1000 ? image.timestamp / 1000 : undefined;
}
