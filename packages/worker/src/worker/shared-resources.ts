import type { FileStore, RuntimeFile, SharedResource } from '@hayate/core';

/** All engines of this thread share these, because a file has the same digest in every store. */
const resources = new Map<string, Promise<SharedResource>>();
const made = new Set<SharedResource>();

/** Returns the resource that this thread's models share under `key`; see `PipelineContext.shared`. */
export function sharedResource<Resource extends SharedResource>(
  key: string,
  make: (fetchFile: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>) => Promise<Resource>,
  store: FileStore,
): Promise<Resource> {
  const known = resources.get(key) as Promise<Resource> | undefined;
  if (known !== undefined) return known;
  const making = make(async ({ url, ...expected }) => {
    // Without the load's signal, because all loads share the resource.
    const { bytes } = await store.getFile(url, expected);
    return bytes;
  });
  resources.set(key, making);
  making.then(
    (resource) => made.add(resource),
    () => resources.delete(key), // after a failure the next call tries again
  );
  return making;
}

/** The WebAssembly memory of all shared resources of this thread, in bytes. */
export function sharedMemoryBytes(): number {
  return [...made].reduce((sum, { memoryBytes = 0 }) => sum + memoryBytes, 0);
}
