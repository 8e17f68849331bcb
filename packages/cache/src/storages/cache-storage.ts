import { checkWritten, type ModelStorage } from './model-storage';

/** An address that no server has; the Cache API asks for one. */
const BASE = 'https://hayate.invalid/';

/**
 * Keeps values in the browser's Cache API, an entry each, which the platform writes whole or not at all.
 *
 * @param name - The cache's name. @defaultValue 'hayate'
 */
export function cacheStorage(name = 'hayate'): ModelStorage {
  const open = () => caches.open(name);

  return {
    name: `cache ${name}`,
    persistent: true,

    async names() {
      const requests = await (await open()).keys();
      return requests.map(({ url }) => url.slice(BASE.length));
    },

    async read(value) {
      const response = await (await open()).match(BASE + value);
      return response?.blob(); // not a stream: Firefox is slow to read those of large entries
    },

    async write(value, data) {
      const cache = await open();
      await cache.put(BASE + value, new Response(data));
      // `put` once resolved before the body was there: https://github.com/w3c/ServiceWorker/issues/665
      const kept = await cache.match(BASE + value);
      checkWritten((await kept?.blob())?.size ?? 0, data);
    },

    async delete(value) {
      return (await open()).delete(BASE + value);
    },
  };
}
