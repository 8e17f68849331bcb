/** What a live task has counted since its model was ready. */
export interface LiveStats {
  /** Frames that came. */
  readonly received: number;
  /** Frames that were closed unseen, for a newer one came. */
  readonly dropped: number;
  readonly results: number;
  /** Frames lost to failures that it outlived, such as a crash of the worker. */
  readonly failed: number;
  /** Results a second, over the last 30. */
  readonly fps: number | undefined;
  /** From a frame's arrival to its result, in milliseconds: the median of the last 30. */
  readonly latencyMs: number | undefined;
}

/** Counts a live task. */
export interface LiveCounter {
  received(dropped: boolean): void;
  /** A result came for a frame that arrived at this time of the page's clock; returns its latency in milliseconds. */
  result(arrivedMs: number): number;
  failed(): void;
  /** Forgets the last results: the time until the next is no measure of the pace. */
  pause(): void;
  stats(): LiveStats;
}

const REMEMBERED = 30;

/** Starts at zero. */
export function createLiveCounter(): LiveCounter {
  let received = 0;
  let dropped = 0;
  let results = 0;
  let failed = 0;
  const recent: { readonly atMs: number; readonly latencyMs: number }[] = [];
  return {
    received(wasDropped) {
      received += 1;
      dropped += Number(wasDropped);
    },
    result(arrivedMs) {
      const atMs = performance.now();
      results += 1;
      recent.push({ atMs, latencyMs: atMs - arrivedMs });
      if (recent.length > REMEMBERED) recent.shift();
      return atMs - arrivedMs;
    },
    failed() {
      failed += 1;
    },
    pause() {
      recent.length = 0;
    },
    stats() {
      const [first] = recent;
      const last = recent.at(-1);
      const spanMs = first && last ? last.atMs - first.atMs : 0;
      const latencies = recent.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
      return {
        received,
        dropped,
        results,
        failed,
        fps: spanMs > 0 ? ((recent.length - 1) * 1000) / spanMs : undefined,
        latencyMs: latencies[latencies.length >> 1],
      };
    },
  };
}
