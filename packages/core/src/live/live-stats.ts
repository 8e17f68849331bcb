/** The counts of a live task since its model was ready. */
export interface LiveStats {
  /** The frames that the source gave. */
  readonly received: number;
  /** The frames that were closed without a run, because a newer one arrived. */
  readonly dropped: number;
  readonly results: number;
  /** The frames whose run failed with a retryable error, such as a crash of the worker. */
  readonly failed: number;
  /** Results per second, over the last 30 results. */
  readonly fps: number | undefined;
  /** The time from a frame's arrival to its result, in milliseconds: the median of the last 30 results. */
  readonly latencyMs: number | undefined;
}

/** Counts the frames and results of a live task. */
export interface LiveCounter {
  /** Counts a frame; `dropped` if a frame was closed without a run. */
  received(dropped: boolean): void;
  /** Counts a result. `arrivedMs` is the frame's arrival by `performance.now()`. Returns the latency in milliseconds. */
  result(arrivedMs: number): number;
  failed(): void;
  /** Forgets the last results, so that a pause does not lower the rate. */
  pause(): void;
  stats(): LiveStats;
}

const REMEMBERED = 30;

/** Creates the counters, all zero. */
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
