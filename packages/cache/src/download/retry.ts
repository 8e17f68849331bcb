/** How often a download is tried again, and how long it waits in between. */
export interface RetryOptions {
  /** Tries in a row without progress, the first one included. @defaultValue 5 */
  readonly tries?: number;
  /** The longest wait before the second try. It doubles with each try; the actual wait is random below it. @defaultValue 500 */
  readonly firstMs?: number;
  /** The longest wait before any try. If a server asks for a longer one, the download fails. @defaultValue 30000 */
  readonly longestMs?: number;
}

/** The wait before try `tried` + 1, in milliseconds: exponential, with full jitter (AWS Architecture Blog, 2015). */
export function backOffMs(tried: number, { firstMs = 500, longestMs = 30_000 }: RetryOptions): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** (tried - 1));
}

/** The wait in `Retry-After`, in milliseconds from now; the header has seconds or a date (RFC 9110, 10.2.3). */
export function readRetryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Resolves after `ms`, or as soon as the browser is online again; rejects with the signal's reason. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      globalThis.removeEventListener?.('online', end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    globalThis.addEventListener?.('online', end); // not in Node
    if (signal.aborted) end();
  });
}
