import {
  notify,
  type FileProgress,
  type FileStore,
  type GetFileOptions,
  type ModelFiles,
  type OpenedFile,
} from '@hayate/core';

/** What opens one file, and what takes one into memory. */
export type OpenOne = (url: string | URL, options: GetFileOptions) => Promise<OpenedFile>;

/** Each download has up to two parts in memory. */
const AT_ONCE = 4;
const PHASES = ['connect', 'download', 'verify', 'store'] as const;

/** Makes what opens all files of a model; see `FileStore.openFiles`. */
export function createOpenFiles(open: OpenOne, takeIntoMemory: OpenOne): FileStore['openFiles'] {
  return async ({ id, files }, { signal, onProgress, inMemory = () => false, onVerified } = {}) => {
    const left = Object.entries(files);
    const failed = new AbortController();
    const whileWanted = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const told = new Map<string, FileProgress>();
    const opened: Record<string, OpenedFile> = {};
    const close = () => {
      for (const each of Object.values(opened)) each.close();
    };

    async function openNext(): Promise<void> {
      for (let next = left.shift(); next; next = left.shift()) {
        const [name, { url, bytes, sha256 }] = next;
        const listener = (progress: FileProgress) => {
          told.set(name, progress);
          if (onProgress) notify(onProgress, addUp(files, told));
        };
        const openOne = inMemory(name) ? takeIntoMemory : open;
        const file = await openOne(url, {
          ...(onVerified && {
            onVerified: (verified) => {
              onVerified(name, verified);
            },
          }),
          ...(bytes !== undefined && { bytes }),
          ...(sha256 !== undefined && { sha256 }),
          ...(id !== undefined && { model: id }),
          signal: whileWanted,
          onProgress: listener,
        });
        opened[name] = file;
        // What is kept already tells nothing of its own.
        const size = file.bytes;
        listener({
          phase: 'store',
          loadedBytes: size,
          totalBytes: size,
          bytesPerSecond: undefined,
          secondsLeft: 0,
        });
      }
    }

    const opening = Array.from({ length: AT_ONCE }, openNext);
    try {
      await Promise.all(opening);
      return { files: opened, persisted: Object.values(opened).every(({ persisted }) => persisted), close };
    } catch (error) {
      left.length = 0;
      failed.abort(error);
      await Promise.allSettled(opening);
      close();
      throw error;
    }
  };
}

function addUp(files: ModelFiles['files'], told: ReadonlyMap<string, FileProgress>): FileProgress {
  const all = Object.entries(files).map(([name, { bytes }]) => {
    const { loadedBytes = 0, totalBytes = bytes, ...rest } = told.get(name) ?? {};
    return { loadedBytes, totalBytes, ...rest };
  });
  const sum = (of: (file: (typeof all)[number]) => number | undefined) =>
    all.reduce<number | undefined>((total, file) => {
      const value = of(file);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  const loadedBytes = sum((file) => file.loadedBytes) ?? 0;
  const totalBytes = sum((file) => file.totalBytes);
  const rate = sum((file) => file.bytesPerSecond ?? 0);
  const phase = Math.min(...all.map((file) => PHASES.indexOf(file.phase ?? 'connect')));
  return {
    phase: PHASES[Math.max(phase, 0)] ?? 'connect',
    loadedBytes,
    totalBytes,
    bytesPerSecond: rate === 0 ? undefined : rate,
    secondsLeft: totalBytes === undefined || !rate ? undefined : (totalBytes - loadedBytes) / rate,
  };
}
