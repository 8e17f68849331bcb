/** The last job in the queue of each lock name, in this realm. */
const lastJobs = new Map<string, Promise<unknown>>();
/** The number of leases that this realm has on each file. */
const leases = new Map<string, number>();

/**
 * Runs `job` while no other job of the same name runs: in this realm, and, if there are Web Locks and `shared` is true, in
 * all tabs and workers of this site.
 */
export async function withLock<Result>(
  name: string,
  { shared, signal }: { readonly shared: boolean; readonly signal: AbortSignal },
  job: () => Promise<Result>,
): Promise<Result> {
  const before = lastJobs.get(name) ?? Promise.resolve();
  const own = before.then(() => {
    signal.throwIfAborted();
    return shared ? requestLock(name, { signal }, job) : job();
  });
  const last = own.then(
    () => undefined,
    () => undefined,
  );
  lastJobs.set(name, last);
  void last.then(() => {
    if (lastJobs.get(name) === last) lastJobs.delete(name);
  });
  return own;
}

/**
 * Takes a lease on a file, by its digest or else its key, for as long as it is downloaded or read: no tab of this site
 * removes the file to make room until the returned function is called or this realm has ended.
 */
export async function leaseFile(id: string): Promise<() => void> {
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
  let isEnded = false;
  return () => {
    if (isEnded) return;
    isEnded = true;
    end();
    const left = (leases.get(id) ?? 1) - 1;
    if (left > 0) leases.set(id, left);
    else leases.delete(id);
  };
}

/** Runs `job` if nobody has a lease on these files; new leases wait until it has ended. Resolves with whether it ran. */
export async function unlessLeased(ids: readonly string[], job: () => Promise<void>): Promise<boolean> {
  const [id, ...others] = ids;
  if (id === undefined) {
    await job();
    return true;
  }
  if (leases.has(id)) return false;
  return requestLock(`use ${id}`, { ifAvailable: true }, (lock) =>
    lock === null ? Promise.resolve(false) : unlessLeased(others, job),
  );
}

/** Whether leases and locks reach other tabs and workers. */
export function hasLocks(): boolean {
  return webLocks() !== undefined;
}

// Undefined on pages without TLS, although TypeScript's types say otherwise.
function webLocks(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks;
}

/** Runs `job` with a Web Lock, or without one where there are none. */
async function requestLock<Result>(
  name: string,
  options: LockOptions,
  job: (lock?: Lock | null) => Promise<Result>,
): Promise<Result> {
  const locks = webLocks();
  let isGranted = false;
  try {
    if (locks) {
      return await locks.request(`hayate ${name}`, options, (lock) => {
        isGranted = true;
        return job(lock);
      });
    }
  } catch (error) {
    // In a sandboxed page, the request itself fails. Errors of the job and aborts are passed on.
    if (isGranted || options.signal?.aborted === true) throw error;
  }
  return job();
}
