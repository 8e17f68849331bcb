import { closeFrame, type Frame } from '@hayate/core/live';
import { badPicture } from '../image';
import { grabVideo } from '../grab-video';
import { pushIterable } from './push-iterable';

/** A frame as the browser gives it; whoever receives it closes its image. */
export type MediaFrame = Frame<VideoFrame | ImageBitmap>;

/** What there is where a page can take the frames of a track; Chromium has it, others in workers only. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorConstructor = new (options: {
  track: MediaStreamTrack;
  maxBufferSize?: number;
}) => TrackProcessor;

/**
 * The frames of a `<video>` or of a camera's track, as they are shown. A track is read by `MediaStreamTrackProcessor`
 * where there is one, everything else by `requestVideoFrameCallback`. The element or track is the caller's: ending the
 * iteration neither pauses the one nor stops the other. It ends by itself when the video or the track ends.
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
      // A processor refuses a track that has ended.
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
      await reader.cancel().catch(() => undefined); // answers a read that waits
      return { done: true, value: undefined };
    },
  };
}

/** A track, played in a `<video>` that is nowhere on the page. */
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

/** Tells each frame that is shown; the returned function ends it. */
function watchVideo(
  video: HTMLVideoElement,
  push: (frame: MediaFrame) => void,
  end: () => void,
  fail: (error: Error) => void,
): () => void {
  let stopped = false;
  const broken = () => {
    fail(
      badPicture(`the video cannot be played (${video.error?.message ?? 'no reason is told'})`, video.error),
    );
  };
  const take = (timeMs: number) => {
    grabVideo(video).then(
      (image) => {
        if (stopped) image.close();
        else push({ input: image, timeMs: ownTimeMs(image) ?? timeMs });
      },
      (cause: unknown) => {
        // Chromium's first frame comes some time after it is said to be there.
        if (cause instanceof DOMException && cause.name === 'InvalidStateError') return;
        fail(badPicture(cause instanceof Error ? cause.message : String(cause), cause));
      },
    );
  };
  const onFrame: VideoFrameRequestCallback = (_now, { mediaTime }) => {
    request = video.requestVideoFrameCallback(onFrame);
    take(mediaTime * 1000);
  };
  if (!('requestVideoFrameCallback' in video)) {
    fail(badPicture('this browser does not tell when a <video> shows a frame'));
    return () => undefined;
  }
  let request = video.requestVideoFrameCallback(onFrame);
  video.addEventListener('ended', end);
  video.addEventListener('error', broken);
  if (video.error !== null) broken(); // it has been told already
  // A video that stands still shows no new frame, so the one on show is taken at once.
  if (video.paused && video.readyState >= video.HAVE_CURRENT_DATA) take(video.currentTime * 1000);
  return () => {
    stopped = true;
    video.cancelVideoFrameCallback(request);
    video.removeEventListener('ended', end);
    video.removeEventListener('error', broken);
  };
}

/**
 * A frame's own time. A thread that is late finds a newer frame than the one that was announced. In Firefox all frames
 * of a `<video>` say that they are of the first microsecond, or, after a while, of the second.
 */
function ownTimeMs(image: VideoFrame | ImageBitmap): number | undefined {
  return 'timestamp' in image && image.timestamp > 1000 ? image.timestamp / 1000 : undefined;
}
