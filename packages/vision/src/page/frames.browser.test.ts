import { skipUnless } from '@hayate/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { camera } from './camera';
import { frames, type MediaFrame } from './frames';

const FRAMES_PER_SECOND = 30;
/**
 * How many of 20 frames may be reported before they are shown: a busy Firefox sometimes reports a frame that is up to ten
 * frames ahead, and the frame before is read twice.
 */
const TOLD_EARLY = navigator.userAgent.includes('Firefox') ? 4 : 0;
const videos: HTMLVideoElement[] = [];

/** The video of the samples. Each frame's number is drawn into it. */
async function openVideo({ play = true } = {}): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  videos.push(video);
  video.muted = true;
  video.src = new URL('../../../../samples/live.webm', import.meta.url).href;
  // Firefox reports no frames of a video that is not on the page.
  document.body.append(video);
  await new Promise((resolve, reject) => {
    video.addEventListener('loadeddata', resolve, { once: true });
    video.addEventListener('error', reject, { once: true });
  });
  if (play) await video.play();
  return video;
}

/** Reads the number in the lower left corner of a frame: eight squares of ten pixels, the highest bit first, white for one. */
function numberIn(image: VideoFrame | ImageBitmap): number {
  const canvas = new OffscreenCanvas(640, 480);
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0, 640, 480);
  const { data } = context.getImageData(0, 475, 80, 1);
  return Array.from({ length: 8 }, (_, place) => Number(data[(place * 10 + 5) * 4]! > 127)).reduce(
    (number, bit) => number * 2 + bit,
  );
}

async function take(source: AsyncIterable<MediaFrame>, count: number) {
  const seen: { readonly number: number; readonly timeMs: number }[] = [];
  for await (const { input: image, timeMs } of source) {
    seen.push({ number: numberIn(image), timeMs });
    image.close();
    if (seen.length === count) break;
  }
  return seen;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const video of videos.splice(0)) {
    video.pause();
    video.remove();
  }
});

describe('frames of a <video>', () => {
  test('come as they are shown, each with its own time', async () => {
    const seen = await take(frames(await openVideo()), 20);
    const apart = seen.map(({ number, timeMs }) =>
      Math.abs(number - Math.round((timeMs * FRAMES_PER_SECOND) / 1000)),
    );
    expect(apart.filter((count) => count > 1).length).toBeLessThanOrEqual(TOLD_EARLY);
    const numbers = seen.map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBeGreaterThanOrEqual(numbers.length - TOLD_EARLY);
  });

  test('that are taken late have the time of the frame that is there by then', async () => {
    const video = await openVideo();
    // Runs before the callback of `frames`, in the same tick.
    const delay = () => {
      video.requestVideoFrameCallback(delay);
      for (const start = performance.now(); performance.now() - start < 120;);
    };
    video.requestVideoFrameCallback(delay);
    const apart = (await take(frames(video), 20)).map(({ number, timeMs }) =>
      Math.abs(number - (timeMs * FRAMES_PER_SECOND) / 1000),
    );
    expect(apart.filter((count) => count > 2).length).toBeLessThanOrEqual(TOLD_EARLY);
  });

  test('leave the video as it is, and end with it', async () => {
    const video = await openVideo();
    await take(frames(video), 2);
    expect(video.paused).toBe(false);
    video.currentTime = video.duration - 0.2;
    const seen = await take(frames(video), 1000);
    expect(seen.length).toBeLessThan(30);
    expect(video.ended).toBe(true);
  });

  test('of one that stands still, the current frame comes at once', async () => {
    const [frame] = await take(frames(await openVideo({ play: false })), 1);
    expect(frame).toEqual({ number: 0, timeMs: 0 });
  });

  test('that cannot be played, or breaks, is a bad input', async () => {
    const video = document.createElement('video');
    const waiting = frames(video)[Symbol.asyncIterator]().next();
    video.src = URL.createObjectURL(new Blob(['no video']));
    await expect(waiting).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('that broke before it is asked for frames is one too', async () => {
    const video = document.createElement('video');
    video.src = URL.createObjectURL(new Blob(['no video']));
    await new Promise((resolve) => {
      video.addEventListener('error', resolve, { once: true });
    });
    await expect(take(frames(video), 1)).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('end while nobody waits for them: what was held is closed', async () => {
    const video = await openVideo();
    const iterator = frames(video)[Symbol.asyncIterator]();
    const first = await iterator.next();
    (first.value as MediaFrame).input.close();
    const close = vi.spyOn(VideoFrame.prototype, 'close');
    // After two more frames, the iterator holds one.
    for (let count = 0; count < 2; count += 1) {
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    }
    const closed = close.mock.calls.length;
    await iterator.return?.();
    expect(close).toHaveBeenCalledTimes(closed + 1);
    expect(await iterator.next()).toMatchObject({ done: true });
  });
});

describe('frames of a track', () => {
  function drawnTrack(): { readonly track: MediaStreamTrack; readonly stop: () => void } {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d')!;
    let hue = 0;
    const timer = setInterval(() => {
      context.fillStyle = `hsl(${(hue += 10)} 80% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 20);
    const [track] = canvas.captureStream(30).getVideoTracks();
    return {
      track: track!,
      stop: () => {
        clearInterval(timer);
        track!.stop();
      },
    };
  }

  test('come in order and leave the track running', async () => {
    const { track, stop } = drawnTrack();
    const times = (await take(frames(track), 5)).map(({ timeMs }) => timeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(5);
    expect(track.readyState).toBe('live');
    stop();
  });

  test('come also if pages have no MediaStreamTrackProcessor', async () => {
    vi.stubGlobal('MediaStreamTrackProcessor', undefined);
    const { track, stop } = drawnTrack();
    expect(await take(frames(track), 3)).toHaveLength(3);
    expect(track.readyState).toBe('live');
    stop();
  });

  test('that break can still be ended', async () => {
    class Broken {
      readonly readable = new ReadableStream({
        start: (controller) => {
          controller.error(new Error('a test'));
        },
      });
    }
    vi.stubGlobal('MediaStreamTrackProcessor', Broken);
    const { track, stop } = drawnTrack();
    const iterator = frames(track)[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toThrow('a test');
    expect(await iterator.return?.()).toMatchObject({ done: true });
    stop();
  });

  test('end while one is waited for', async () => {
    const { track, stop } = drawnTrack();
    stop();
    const iterator = frames(track)[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toMatchObject({ done: true });
  });
});

describe('camera', () => {
  const opened: MediaStream[] = [];
  function watchCamera(): void {
    opened.length = 0;
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    vi.spyOn(devices, 'getUserMedia').mockImplementation(async (constraints) => {
      const stream = await ask(constraints);
      opened.push(stream);
      return stream;
    });
  }
  const states = () => opened.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState));

  test('is on while it is iterated, shows a preview, and is off after `break`', async () => {
    watchCamera();
    const preview = document.createElement('video');
    let count = 0;
    for await (const { input: image } of camera({ facing: 'user', preview })) {
      expect(states()).toEqual(['live']);
      expect(preview.srcObject).toBe(opened[0]);
      image.close();
      if (++count === 3) break;
    }
    expect(states()).toEqual(['ended']);
    expect(preview.srcObject).toBeNull();
  });

  test('starts anew with each iteration', async () => {
    watchCamera();
    const source = camera();
    await take(source, 1);
    await take(source, 1);
    expect(states()).toEqual(['ended', 'ended']);
  });

  test('is off when the iteration ends while the person is still asked', async () => {
    watchCamera();
    const iterator = camera()[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toMatchObject({ done: true });
    expect(states()).toEqual(['ended']);
  });

  test('is off after an error of its frames', async () => {
    watchCamera();
    vi.stubGlobal('MediaStreamTrackProcessor', undefined);
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockRejectedValue(new DOMException('no', 'NotAllowedError'));
    await expect(take(camera(), 1)).rejects.toMatchObject({ code: 'bad-input' });
    expect(states()).toEqual(['ended']);
  });

  test('that is taken away is a typed error', async () => {
    watchCamera();
    const iterator = camera()[Symbol.asyncIterator]();
    const first = await iterator.next();
    (first.value as MediaFrame).input.close();
    const [track] = opened[0]!.getTracks();
    // The track of a camera that is unplugged ends, and fires `ended`.
    track!.stop();
    track!.dispatchEvent(new Event('ended'));
    const drain = async () => {
      for (;;) {
        const step = await iterator.next();
        if (step.done) return;
        step.value.input.close();
      }
    };
    await expect(drain()).rejects.toMatchObject({ code: 'camera-unavailable', details: { reason: 'lost' } });
  });

  test('that is taken away is one too where its frames do not end', async (context) => {
    // In Firefox the track's listeners do not receive an event that a script dispatches.
    skipUnless(context, 'MediaStreamTrackProcessor' in globalThis, 'pages have no MediaStreamTrackProcessor');
    watchCamera();
    class Endless {
      readonly readable = new ReadableStream();
    }
    vi.stubGlobal('MediaStreamTrackProcessor', Endless);
    const preview = document.createElement('video');
    const waiting = camera({ preview })[Symbol.asyncIterator]().next();
    await vi.waitFor(() => {
      expect(preview.srcObject).not.toBeNull();
    });
    opened[0]!.getTracks()[0]!.dispatchEvent(new Event('ended'));
    await expect(waiting).rejects.toMatchObject({ code: 'camera-unavailable', details: { reason: 'lost' } });
    expect(states()).toEqual(['ended']);
  });

  test.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'unsupported'],
  ])('refused by %s is told as %s', async (name, reason) => {
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValue(new DOMException('no', name));
    const refused = take(camera(), 1);
    await expect(refused).rejects.toMatchObject({ code: 'camera-unavailable', details: { reason } });
  });
});
