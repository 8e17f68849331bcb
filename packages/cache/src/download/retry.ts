/** How often and how patiently a download is tried again. */
export interface RetryOptions {
  /** Tries in a row without progress, the first one included. @defaultValue 5 */
  readonly tries?: number;
  /** The longest wait before the second try; it doubles with each, and each is drawn at random below it. @defaultValue 500 */
  readonly firstMs?: number;
  /** No wait is longer; a server that asks for more is not waited for. @defaultValue 30000 */
  readonly longestMs?: number;
}

/** The wait before try `tried` + 1, in milliseconds: exponential, with full jitter (AWS Architecture Blog, 2015). */
export function backOffMs(tried: number, { firstMs = 500, longestMs = 30_000 }: RetryOptions): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** (tried - 1));
}

/** What `Retry-After` asks for, in milliseconds from now: it has seconds or a date (RFC 9110, 10.2.3). */
export function readRetryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Resolves after `ms`, or as soon as the network is there again; rejects with the signal's reason. */
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
    globalThis.addEventListener?.('online', end); // Node has no such thing
    if (signal.aborted) end();
  });
}
