// The worker's side: one contender at a time.
import {
  cacheStorage,
  createModelStore,
  memoryStorage,
  opfsStorage,
} from '../../packages/cache/src/index.ts';
import { loadSha256 } from '../../packages/core-wasm/src/sha256.ts';

let data;

async function bare(url) {
  const response = await fetch(url, { headers: { range: 'bytes=0-' }, cache: 'no-store' });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes;
    bytes += value.length;
  }
}

async function hash(_, bytes) {
  data ??= new Uint8Array(bytes).map((_, index) => index);
  const hasher = (await loadSha256()).create();
  for (let start = 0; start < bytes; start += 2 ** 20) hasher.update(data.subarray(start, start + 2 ** 20));
  hasher.digestHex();
  return bytes;
}

/** The least that a single thread has to do: reading a body, and hashing it. */
async function hashedBare(url) {
  const response = await fetch(url, { headers: { range: 'bytes=0-' }, cache: 'no-store' });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const hasher = (await loadSha256()).create();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hasher.digestHex();
    hasher.update(value);
  }
}

const through = (method, storage) => async (url, _bytes, sha256) => {
  const store = createModelStore({ storage });
  const opened = await store[method](url, { sha256 });
  opened.close?.();
  if (opened.from !== 'network') throw new Error(`it came from ${opened.from}`);
  return () => store.clear();
};

const contenders = {
  bare,
  hash,
  'bare, hashed': hashedBare,
  'opfs blob': through('openModel', opfsStorage('bench')),
  'opfs bytes': through('getModel', opfsStorage('bench')),
  'cache blob': through('openModel', cacheStorage('bench')),
  'memory blob': through('openModel', memoryStorage()),
};

addEventListener('message', async ({ data: { name, url, bytes, sha256 } }) => {
  try {
    const start = performance.now();
    const after = await contenders[name](url, bytes, sha256);
    const ms = performance.now() - start;
    await after.call?.();
    postMessage({ ms });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
