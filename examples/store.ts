import { createModelStore } from '@hayate/cache';

/** Only the store: gets a file from the network, then from the storage, verified both times. */
export async function fetchTwice(url: string, sha256: string) {
  const store = createModelStore();
  const onProgress = ({ loadedBytes }: { loadedBytes: number }) => console.log(`${loadedBytes} bytes`);
  const first = await store.getFile(url, { sha256, onProgress });
  const second = await store.getFile(url, { sha256 });
  return { first: first.from, second: second.from, bytes: second.bytes.length, files: await store.list() };
}
