import { findingOf, reasonOf, type Finding } from './finding';
import { within, type Place } from './within';

/** Checks that models can be stored: writes a word to a cache of its own, reads it, and deletes the cache. */
export async function probeStorage(place: Place): Promise<readonly Finding[]> {
  const reason = await within(place, tryCache).catch((error: unknown) => {
    place.signal?.throwIfAborted();
    return reasonOf(error);
  });
  if (reason !== undefined) {
    const message = `The Cache API cannot be used (${reason}): every visit downloads the models again.`;
    const remedy =
      'Let the page have an origin (a sandboxed frame needs allow-same-origin), leave private browsing, or free disk space.';
    return [findingOf('warning', 'storage', message, remedy)];
  }
  const persisted = await within(place, async () => navigator.storage?.persisted()).catch(() => true);
  if (persisted !== false) return [];
  const message = 'The browser may delete the models that it keeps when the disk runs short.';
  return [
    findingOf(
      'info',
      'storage',
      message,
      'Call navigator.storage.persist() once the user has chosen a model.',
    ),
  ];
}

async function tryCache(): Promise<string | undefined> {
  const name = `hayate-diagnose-${crypto.randomUUID()}`;
  // This address is only a key: nothing is fetched.
  const key = 'https://hayate.invalid/diagnose';
  try {
    const cache = await caches.open(name);
    await cache.put(key, new Response('kept'));
    const kept = await (await cache.match(key))?.text();
    return kept === 'kept' ? undefined : 'what was written cannot be read back';
  } finally {
    await globalThis.caches?.delete(name);
  }
}

/** Checks that Web Locks are available, by which the engine notices that a worker has died. */
export async function probeLocks(place: Place): Promise<readonly Finding[]> {
  const name = `hayate-diagnose-${crypto.randomUUID()}`;
  const reason = await within(place, async (signal) => {
    if (navigator.locks === undefined) return 'this browser has none';
    await navigator.locks.request(name, { signal }, () => undefined);
    return undefined;
  }).catch((error: unknown) => {
    place.signal?.throwIfAborted();
    return reasonOf(error);
  });
  if (reason === undefined) return [];
  const message = `Web Locks cannot be used (${reason}): a worker that the browser ends may go unnoticed.`;
  return [
    findingOf(
      'warning',
      'locks',
      message,
      'Let the page have an origin: a sandboxed frame needs allow-same-origin.',
    ),
  ];
}
