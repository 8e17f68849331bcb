import type { FileStore, RuntimeFile, SharedResource } from '@hayate/core';

/** One for all engines of this thread: whatever store a file came through, its digest says that it is the same. */
const resources = new Map<string, Promise<SharedResource>>();
const made = new Set<SharedResource>();

/** What this thread's models share under `key`; see `PipelineContext.shared`. */
export function sharedResource<Resource extends SharedResource>(
  key: string,
  make: (fetchFile: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>) => Promise<Resource>,
  store: FileStore,
): Promise<Resource> {
  const known = resources.get(key) as Promise<Resource> | undefined;
  if (known !== undefined) return known;
  const making = make(async ({ url, ...expected }) => {
    // Shared by all loads: no single one ends it.
    const { bytes } = await store.getFile(url, expected);
    return bytes;
  });
  resources.set(key, making);
  making.then(
    (resource) => made.add(resource),
    () => resources.delete(key), // a failure is forgotten
  );
  return making;
}

/** The WebAssembly memory of all shared resources of this thread, in bytes. */
export function sharedMemoryBytes(): number {
  return [...made].reduce((sum, { memoryBytes = 0 }) => sum + memoryBytes, 0);
}
