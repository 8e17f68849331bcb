import { HayateError, type ErrorDetails } from '@hayate/core';
import { frames, type MediaFrame } from './frames';

/** Which camera is used, the preferred size and rate of its frames, and where they are shown. */
export interface CameraOptions {
  /** The preferred direction: `user` faces the person, `environment` faces away. */
  readonly facing?: 'user' | 'environment';
  /** The `deviceId` of a camera of `navigator.mediaDevices.enumerateDevices()`. */
  readonly deviceId?: string;
  /** The preferred size, in pixels. @defaultValue 1280 × 720 */
  readonly width?: number;
  readonly height?: number;
  /** The preferred number of frames per second. @defaultValue 30 */
  readonly frameRate?: number;
  /** A `<video>` that shows the camera's picture during the iteration. */
  readonly preview?: HTMLVideoElement;
}

/**
 * The frames of a camera. Each iteration requests the camera anew. The end of the iteration switches the camera off at
 * once, even while the browser still asks the person for permission.
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
        // Fires when the camera is unplugged or taken away. Browsers differ in what happens to the frames of an ended track.
        track!.addEventListener('ended', () => {
          void inner?.return?.();
        });
        const { preview } = options;
        if (preview) {
          preview.srcObject = stream;
          preview.play().catch(() => undefined); // the preview may need a touch to play; the frames arrive anyway
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
            release(); // a loop does not call `return` after an error
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

/** The reason by the name of the error that `getUserMedia` throws. */
const REFUSALS: Partial<Record<string, readonly [Reason, string]>> = {
  NotAllowedError: [
    'denied',
    'The camera may not be used. Allow it in the settings of the page, and try again.',
  ],
  NotFoundError: ['missing', 'No camera was found. Connect one, and try again.'],
  OverconstrainedError: ['missing', 'The requested camera was not found. Choose another.'],
  NotReadableError: ['busy', 'The camera is in use elsewhere. Close what uses it, and try again.'],
};

function unavailable(reason: Reason, message: string, cause?: unknown): HayateError<'camera-unavailable'> {
  return new HayateError('camera-unavailable', message, { reason }, { cause });
}
