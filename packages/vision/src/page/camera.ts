import { HayateError, type ErrorDetails } from '@hayate/core';
import { frames, type MediaFrame } from './frames';

/** Which camera, and how. */
export interface CameraOptions {
  /** `user` looks at the person, `environment` away from them; a wish, not a demand. */
  readonly facing?: 'user' | 'environment';
  /** A camera of `navigator.mediaDevices.enumerateDevices()`. */
  readonly deviceId?: string;
  /** The size to come close to, in pixels. @defaultValue 1280 × 720 */
  readonly width?: number;
  readonly height?: number;
  /** Frames a second to come close to. @defaultValue 30 */
  readonly frameRate?: number;
  /** Shows what the camera sees, while the iteration lasts. */
  readonly preview?: HTMLVideoElement;
}

/**
 * The frames of a camera. Each iteration asks for it anew; ending it stops the camera at once, also while the person is
 * still being asked.
 *
 * @throws HayateError `camera-unavailable`, from the iteration.
 */
export function camera(options: CameraOptions = {}): AsyncIterable<MediaFrame> {
  return {
    [Symbol.asyncIterator]() {
      const over = { done: true, value: undefined } as const;
      let stream: MediaStream | undefined;
      let opening: Promise<void> | undefined;
      let inner: AsyncIterator<MediaFrame, undefined> | undefined;
      let ended = false;

      function release(): void {
        ended = true;
        for (const track of stream?.getTracks() ?? []) track.stop();
        const { preview } = options;
        if (stream && preview?.srcObject === stream) preview.srcObject = null;
      }

      async function open(): Promise<void> {
        stream = await askForCamera(options);
        if (ended) {
          release();
          return;
        }
        const [track] = stream.getVideoTracks();
        // When the camera is unplugged or taken away; what the track's own end does to its frames differs.
        track!.addEventListener('ended', () => {
          void inner?.return?.();
        });
        const { preview } = options;
        if (preview) {
          preview.srcObject = stream;
          preview.play().catch(() => undefined); // it may be played by a touch; the frames come all the same
        }
        inner = frames(track!)[Symbol.asyncIterator]();
      }

      return {
        async next() {
          if (ended) return over;
          try {
            await (opening ??= open());
            if (inner === undefined || ended) return over;
            const step = await inner.next();
            if (step.done !== true || ended) return step;
          } catch (error) {
            release(); // a loop calls no `return` after an error
            throw error;
          }
          release(); // a camera does not end by itself
          throw unavailable('lost', 'The camera was unplugged or taken away. Connect it and start again.');
        },
        async return() {
          release();
          await inner?.return?.();
          return over;
        },
      };
    },
  };
}

async function askForCamera(options: CameraOptions): Promise<MediaStream> {
  const { facing, deviceId, width = 1280, height = 720, frameRate = 30 } = options;
  const devices = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
  if (devices === undefined) {
    throw unavailable(
      'unsupported',
      'There is no camera here. Pages reach it over HTTPS or on localhost only.',
    );
  }
  try {
    return await devices.getUserMedia({
      audio: false,
      video: {
        width: { ideal: width },
        height: { ideal: height },
        frameRate: { ideal: frameRate },
        ...(facing !== undefined && { facingMode: { ideal: facing } }),
        ...(deviceId !== undefined && { deviceId: { exact: deviceId } }),
      },
    });
  } catch (cause) {
    const [reason, message] = REFUSALS[(cause as DOMException).name] ?? [
      'unsupported',
      `The camera cannot be used: ${String(cause)}.`,
    ];
    throw unavailable(reason, message, cause);
  }
}

type Reason = ErrorDetails['camera-unavailable']['reason'];

/** Why `getUserMedia` refuses, by the names of its errors. */
const REFUSALS: Partial<Record<string, readonly [Reason, string]>> = {
  NotAllowedError: [
    'denied',
    'The camera may not be used. Allow it in the settings of the page, and try again.',
  ],
  NotFoundError: ['missing', 'No camera was found. Connect one, and try again.'],
  OverconstrainedError: ['missing', 'The camera that was asked for is not there. Choose another.'],
  NotReadableError: ['busy', 'The camera is in use elsewhere. Close what uses it, and try again.'],
};

function unavailable(reason: Reason, message: string, cause?: unknown): HayateError<'camera-unavailable'> {
  return new HayateError('camera-unavailable', message, { reason }, { cause });
}
