/** The end of the queue for each name, in this realm. */
const tails = new Map<string, Promise<unknown>>();

/**
 * Runs `job` while nobody else runs one of the same name: in this realm, and, where there are Web Locks and `shared` is
 * true, in all tabs and workers of this site.
 */
export async function withLock<Result>(
  name: string,
  { shared, signal }: { readonly shared: boolean; readonly signal: AbortSignal },
  job: () => Promise<Result>,
): Promise<Result> {
  const run = () => (shared ? withWebLock(name, signal, job) : job());
  const before = tails.get(name) ?? Promise.resolve();
  const own = before.then(() => {
    signal.throwIfAborted();
    return run();
  });
  const tail = own.then(
    () => undefined,
    () => undefined,
  );
  tails.set(name, tail);
  void tail.then(() => {
    if (tails.get(name) === tail) tails.delete(name);
  });
  return own;
}

async function withWebLock<Result>(
  name: string,
  signal: AbortSignal,
  job: () => Promise<Result>,
): Promise<Result> {
  const locks = typeof navigator === 'undefined' ? undefined : (navigator.locks as LockManager | undefined);
  let held = false;
  try {
    if (locks) {
      return await locks.request(`hayate ${name}`, { signal }, () => {
        held = true;
        return job();
      });
    }
  } catch (error) {
    // A sandboxed page has no locks. What the job itself throws, and an abort, goes on.
    if (held || signal.aborted) throw error;
  }
  return job();
}
