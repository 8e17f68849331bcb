import type { ModelStorage, StoredFileInfo } from '../model-storage';

const SHA256 = 'x-hayate-sha256';
const STORED_AT = 'x-hayate-stored-at';

/**
 * Keeps files in the browser's Cache API, one entry a file, which the platform writes whole or not at all.
 *
 * @param name - The cache's name. @defaultValue 'hayate-models'
 */
export function cacheStorage(name = 'hayate-models'): ModelStorage {
  const open = () => caches.open(name);

  return {
    persistent: true,

    async read(url) {
      const response = await (await open()).match(url, { ignoreVary: true });
      const info = response && describe(url, response.headers);
      if (response === undefined || info === undefined) return undefined;
      return { ...info, data: new Uint8Array(await response.arrayBuffer()) };
    },

    async write({ url, data, bytes, sha256, storedAt }) {
      const headers = {
        'content-type': 'application/octet-stream',
        'content-length': String(bytes),
        [SHA256]: sha256,
        [STORED_AT]: String(storedAt),
      };
      await (await open()).put(url, new Response(data, { headers }));
    },

    async delete(url) {
      return (await open()).delete(url, { ignoreVary: true });
    },

    async list() {
      const cache = await open();
      const infos = await Promise.all(
        (await cache.keys()).map(async (request) => {
          const response = await cache.match(request);
          return response && describe(request.url, response.headers);
        }),
      );
      return infos.filter((info) => info !== undefined);
    },
  };
}

// Undefined for an entry that somebody else put into the same cache.
function describe(url: string, headers: Headers): StoredFileInfo | undefined {
  const sha256 = headers.get(SHA256);
  if (sha256 === null) return undefined;
  return {
    url,
    sha256,
    bytes: Number(headers.get('content-length')),
    storedAt: Number(headers.get(STORED_AT)),
  };
}
