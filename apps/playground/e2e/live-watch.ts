/** What {@link watchPage} puts on the page for the tests. */
export interface LiveWatch {
  /** Frames that were made on the page and are not closed. */
  openFrames(): number;
  /** Timers and animation frames that are due. */
  pending(): number;
  liveTracks(): number;
  /** The cameras that were used, by their ids, the newest last. */
  cameras(): readonly (string | undefined)[];
  /** Watches the live picture for so long: the frame's number in the picture and the time of the overlay. */
  sample(ms: number): Promise<readonly Moment[]>;
}

/** The live picture at one time. */
export interface Moment {
  /** The frame's own number, as it is drawn into the sample video. */
  readonly number: number;
  /** The time of the overlay, on the video's clock. */
  readonly timeMs: number;
  readonly items: number;
  /** The left side of the first box, in the video's pixels. */
  readonly firstX: number;
}

/** Runs in the page, before its own scripts. */
export function watchPage(): void {
  const SAMPLING = 'sampling';
  let made: WeakRef<VideoFrame>[] = [];
  const isOpen = (frame: WeakRef<VideoFrame>) => (frame.deref()?.format ?? null) !== null;
  const note = <Value>(value: Value): Value => {
    if (value instanceof Original) made.push(new WeakRef(value));
    if (made.length > 100) made = made.filter(isOpen);
    return value;
  };
  const Original = VideoFrame;
  globalThis.VideoFrame = new Proxy(Original, {
    construct: (target, parameters) => note(Reflect.construct(target, parameters) as VideoFrame),
  });
  const { clone } = Original.prototype;
  Original.prototype.clone = function () {
    return note(clone.call(this));
  };
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = async function () {
    const step: Awaited<ReturnType<typeof read>> = await read.call(this);
    note(step.value);
    return step;
  };

  const pending = new Set<unknown>();
  const wrap = (
    start: 'setTimeout' | 'requestAnimationFrame',
    end: 'clearTimeout' | 'cancelAnimationFrame',
  ) => {
    const page = globalThis as unknown as Record<string, (...parameters: unknown[]) => unknown>;
    const [begin, cancel] = [page[start]!.bind(globalThis), page[end]!.bind(globalThis)];
    page[start] = (task, ...rest) => {
      const key = begin(
        (...parameters: unknown[]) => {
          pending.delete(`${start} ${String(key)}`);
          (task as (...parameters: unknown[]) => void)(...parameters);
        },
        ...rest,
      );
      pending.add(`${start} ${String(key)}`);
      return key;
    };
    page[end] = (key) => {
      pending.delete(`${start} ${String(key)}`);
      return cancel(key);
    };
  };
  const later = setTimeout;
  wrap('setTimeout', 'clearTimeout');
  wrap('requestAnimationFrame', 'cancelAnimationFrame');

  const tracks: MediaStreamTrack[] = [];
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices !== undefined) {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  }

  const looking = new OffscreenCanvas(80, 1).getContext('2d', { willReadFrequently: true })!;
  function look(): Moment {
    const picture = document.querySelector<HTMLCanvasElement>('[data-testid=live-picture]')!;
    const { timeMs, items, firstX } = document.querySelector<HTMLElement>('[data-testid=overlay]')!.dataset;
    looking.drawImage(picture, 0, picture.height - 5, 80, 1, 0, 0, 80, 1);
    const { data } = looking.getImageData(0, 0, 80, 1);
    let number = 0;
    for (let bit = 0; bit < 8; bit += 1) number = number * 2 + Number(data[(bit * 10 + 5) * 4]! > 127);
    return { number, timeMs: Number(timeMs), items: Number(items), firstX: Number(firstX || Number.NaN) };
  }

  const watch: LiveWatch = {
    openFrames: () => made.filter(isOpen).length,
    pending: () => pending.size,
    liveTracks: () => tracks.filter(({ readyState }) => readyState === 'live').length,
    cameras: () => tracks.map((track) => track.getSettings().deviceId),
    async sample(ms) {
      performance.mark(SAMPLING);
      const moments: Moment[] = [];
      const until = performance.now() + ms;
      while (performance.now() < until) {
        moments.push(look());
        await new Promise((resolve) => later(resolve, 40));
      }
      return moments;
    },
  };
  Object.assign(globalThis, { liveWatch: watch });
}
