import {
  createDeferred,
  HayateError,
  sumProgress,
  type Deferred,
  type FileStore,
  type Manifest,
  type ModelFile,
  type OpenedFiles,
} from '@hayate/core';
import type { ProgressTotal } from './progress-total';
import { readBlob } from './read-blob';

type Bytes = Uint8Array<ArrayBuffer>;

/** The files of one model. If one fails, all fail. */
export interface ModelFilesLoading {
  /** A file's bytes, as soon as they are verified; they may not be stored yet. */
  bytes(name: string): Promise<Bytes>;
  /** The external data of a graph, by the location that the graph names. */
  externalData(name: string): Promise<Readonly<Record<string, Blob>>>;
  /** Resolves when all files are stored, or the platform has refused to store them. */
  readonly stored: Promise<unknown>;
  /** Ends the load: the bytes are released, and the store may remove the files to make room. */
  close(): void;
}

/**
 * Fetches all files of a manifest at the same time, through the store or from the manifest's Blobs. External data is
 * opened and not read, because it may be larger than memory. `signal` ends the downloads.
 */
export function loadModelFiles(
  manifest: Manifest,
  store: FileStore,
  total: ProgressTotal,
  signal: AbortSignal,
): ModelFilesLoading {
  const external = new Set(
    Object.values(manifest.files).flatMap(({ externalData = {} }) => Object.values(externalData)),
  );
  const entries = Object.entries(manifest.files);
  const inHand = entries.filter(([, file]) => file.blob !== undefined);
  const fetched = entries.filter(([, file]) => file.blob === undefined);
  const arrived = new Map<string, Deferred<Bytes>>(entries.map(([name]) => [name, createDeferred()]));
  for (const { promise } of arrived.values()) promise.catch(() => undefined); // nobody may be waiting for some of the files

  let opened: OpenedFiles | undefined;
  async function fetchAll(): Promise<OpenedFiles | undefined> {
    if (fetched.length === 0) return undefined;
    const { totalBytes } = sumProgress(
      fetched.map(([, { bytes }]) => ({ loadedBytes: 0, totalBytes: bytes })),
    );
    const onProgress = total.add(totalBytes);
    opened = await store.openFiles(
      { id: manifest.id, files: Object.fromEntries(fetched) },
      {
        signal,
        onProgress,
        inMemory: (name) => !external.has(name),
        onVerified: (name, bytes) => arrived.get(name)?.resolve(bytes),
      },
    );
    if (signal.aborted) opened.close();
    for (const [name] of fetched) {
      if (!external.has(name)) arrived.get(name)?.resolve(await opened.files[name]!.read());
    }
    return opened;
  }
  async function readInHand([name, { blob, ...expected }]: [string, ModelFile]): Promise<void> {
    const onProgress = total.add(blob!.size);
    const bytes = await readBlob(blob!, expected);
    onProgress({ loadedBytes: bytes.length, totalBytes: bytes.length });
    arrived.get(name)?.resolve(bytes);
  }

  const opening = fetchAll();
  const read = inHand.filter(([name]) => !external.has(name)).map(readInHand);
  const stored = Promise.all([opening, ...read]);
  stored.catch((error: unknown) => {
    for (const deferred of arrived.values()) deferred.reject(error);
  });

  function entryOf(name: string): ModelFile {
    const entry = manifest.files[name];
    if (entry !== undefined) return entry;
    const reason = `the manifest of "${manifest.id}" has no file "${name}"`;
    throw new HayateError('bad-model', `The model cannot be loaded: ${reason}.`, { reason });
  }

  let closed = false;
  /** Opens a file after the load, for a session that is recreated. */
  async function again(name: string): Promise<Blob> {
    const { url, bytes, sha256, blob } = entryOf(name);
    if (blob !== undefined) return blob;
    const expected = { ...(bytes !== undefined && { bytes }), ...(sha256 !== undefined && { sha256 }) };
    const file = await store.openFile(url, { ...expected, model: manifest.id });
    file.close();
    return file.blob;
  }

  return {
    async bytes(name) {
      entryOf(name);
      if (closed) return new Uint8Array(await (await again(name)).arrayBuffer());
      if (external.has(name)) return (await opening)!.files[name]!.read();
      return arrived.get(name)!.promise;
    },
    async externalData(name) {
      const blobs = Object.entries(entryOf(name).externalData ?? {}).map(async ([location, file]) => {
        const { blob } = entryOf(file);
        const found = blob ?? (closed ? await again(file) : (await opening)!.files[file]!.blob);
        return [location, found] as const;
      });
      return Object.fromEntries(await Promise.all(blobs));
    },
    stored,
    close() {
      closed = true;
      arrived.clear();
      opened?.close();
      opened = undefined;
    },
  };
}
