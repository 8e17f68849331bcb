/** The end of the queue for each name, in this realm. */
const tails = new Map<string, Promise<unknown>>();
/** How many leases this realm holds of each file. */
const leases = new Map<string, number>();

/**
 * Runs `job` while nobody else runs one of the same name: in this realm, and, where there are Web Locks and `shared` is
 * true, in all tabs and workers of this site.
 */
export async function withLock<Result>(
  name: string,
  { shared, signal }: { readonly shared: boolean; readonly signal: AbortSignal },
  job: () => Promise<Result>,
): Promise<Result> {
  const before = tails.get(name) ?? Promise.resolve();
  const own = before.then(() => {
    signal.throwIfAborted();
    return shared ? requestLock(name, { signal }, job) : job();
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

/**
 * Holds a file, by its digest or else its key, while it is downloaded or read: no tab of this site removes it to make
 * room until it is released or its holder is gone.
 */
export async function holdFile(id: string): Promise<() => void> {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  leases.set(id, (leases.get(id) ?? 0) + 1);
  await new Promise<void>((resolve) => {
    const hold = () => {
      resolve();
      return ended;
    };
    requestLock(`use ${id}`, { mode: 'shared' }, hold).catch(() => {
      resolve();
    });
  });
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    end();
    const left = (leases.get(id) ?? 1) - 1;
    if (left > 0) leases.set(id, left);
    else leases.delete(id);
  };
}

/** Does a job unless anybody holds one of these files, and holds off who wants to meanwhile. Tells whether it was done. */
export async function unlessHeld(ids: readonly string[], job: () => Promise<void>): Promise<boolean> {
  const [id, ...others] = ids;
  if (id === undefined) {
    await job();
    return true;
  }
  if (leases.has(id)) return false;
  return requestLock(`use ${id}`, { ifAvailable: true }, (lock) =>
    lock === null ? Promise.resolve(false) : unlessHeld(others, job),
  );
}

/** Whether other tabs and workers can tell what this realm does. */
export function hasLocks(): boolean {
  return webLocks() !== undefined;
}

// Pages without TLS have none; TypeScript thinks they do.
function webLocks(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks;
}

/** A Web Lock, or, where there are none, just the job. */
async function requestLock<Result>(
  name: string,
  options: LockOptions,
  job: (lock?: Lock | null) => Promise<Result>,
): Promise<Result> {
  const locks = webLocks();
  let asked = false;
  try {
    if (locks) {
      return await locks.request(`hayate ${name}`, options, (lock) => {
        asked = true;
        return job(lock);
      });
    }
  } catch (error) {
    // A sandboxed page has no locks. What the job itself throws, and an abort, goes on.
    if (asked || options.signal?.aborted === true) throw error;
  }
  return job();
}
