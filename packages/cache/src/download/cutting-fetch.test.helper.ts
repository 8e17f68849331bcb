import type { ModelStorage } from '../storages/model-storage';

/** Where a connection ends, and how. */
export interface Cut {
  /** The number of the first byte that does not come. */
  readonly at: number;
  /** Told when it is reached: the connection then breaks, or, if this returns true, stays silent. */
  reached?(): boolean;
}

/**
 * A server in this thread, exact to the byte: ranges and ETags as one should, and a connection that ends where the next
 * of `cuts` says. `change` may alter what comes.
 */
export function createCuttingFetch(
  model: Uint8Array<ArrayBuffer>,
  cuts: Cut[] = [],
  change: (bytes: Uint8Array<ArrayBuffer>, request: number) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
) {
  const stats = { requests: 0, bytes: 0, refetched: 0 };
  let reached = 0;

  const fetch = ((
    _: unknown,
    { headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
  ) => {
    const range = headers['range'];
    const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
    stats.requests += 1;
    stats.refetched = Math.max(stats.refetched, reached - from);
    const body = change(model, stats.requests);
    if (range !== undefined && from >= body.length) {
      const unsatisfied = { 'content-range': `bytes */${body.length}` };
      return Promise.resolve(new Response(null, { status: 416, headers: unsatisfied }));
    }
    const cut = cuts[0] && cuts[0].at >= from ? cuts.shift() : undefined;
    let at = from;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const end = Math.min(at + 10_000, cut?.at ?? body.length);
      if (at < end) {
        controller.enqueue(body.slice(at, end));
        stats.bytes += end - at;
        at = reached = end;
      } else if (cut === undefined) controller.close();
      else if (cut.reached?.() === true) {
        await new Promise((_, reject) => {
          // Once: Node 20 keeps a signal that others were combined into while anybody listens to it.
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      } else controller.error(new TypeError('the connection broke'));
    };
    // Nothing is taken before it is asked for: a stream that breaks loses what is queued.
    const stream = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    const answer =
      range === undefined
        ? { status: 200, headers: { etag: '"a"', 'content-length': String(body.length) } }
        : {
            status: 206,
            headers: { etag: '"a"', 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` },
          };
    return Promise.resolve(new Response(stream, answer));
  }) as typeof globalThis.fetch;
  return { fetch, stats };
}

/** One life of a storage: after `kill`, nothing that its owner still does has an effect, as after a crash. */
export function createLife(storage: ModelStorage) {
  let dead = false;
  const alive =
    <Parameters extends readonly unknown[], Result>(method: (...parameters: Parameters) => Promise<Result>) =>
    (...parameters: Parameters): Promise<Result> =>
      dead ? Promise.reject(new Error('the page is gone')) : method(...parameters);
  return {
    kill: () => void (dead = true),
    storage: {
      name: storage.name,
      persistent: storage.persistent,
      names: alive(storage.names),
      read: alive(storage.read),
      write: alive(storage.write),
      delete: alive(storage.delete),
    } satisfies ModelStorage,
  };
}
