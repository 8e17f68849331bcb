import { checkWritten, type ModelStorage } from './model-storage';

/** The Cache API needs addresses as keys; no server has this one. */
const BASE = 'https://hayate.invalid/';

/**
 * Stores values in the browser's Cache API, one entry each. The platform writes an entry whole or not at all.
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
      return response?.blob(); // not a stream: Firefox streams large entries slowly
    },

    async write(value, data) {
      const cache = await open();
      await cache.put(BASE + value, new Response(data));
      // `put` may resolve before the body is stored: https://github.com/w3c/ServiceWorker/issues/665
      const written = await cache.match(BASE + value);
      checkWritten((await written?.blob())?.size ?? 0, data);
    },

    async delete(value) {
      return (await open()).delete(BASE + value);
    },
  };
}
