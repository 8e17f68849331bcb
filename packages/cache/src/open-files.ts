import {
  notify,
  sumProgress,
  type FileProgress,
  type FileStore,
  type GetFileOptions,
  type ModelFiles,
  type OpenedFile,
} from '@hayate/core';
import { leaseFile } from './journal/lock';

/** Opens one file, or takes one into memory. */
export type OpenFile = (url: string | URL, options: GetFileOptions) => Promise<OpenedFile>;

/** Each download has up to two parts in memory. */
const CONCURRENT_FILES = 4;
const PHASES = ['connect', 'download', 'verify', 'store'] as const;

/** Makes `FileStore.openFiles` from the functions that open one file and that take one into memory. */
export function createOpenFiles(openFile: OpenFile, takeIntoMemory: OpenFile): FileStore['openFiles'] {
  return async ({ id, files }, { signal, onProgress, inMemory = () => false, onVerified } = {}) => {
    const waiting = Object.entries(files);
    const failed = new AbortController();
    const progressOf = new Map<string, FileProgress>();
    // Without a prototype: a manifest from the network may name a file `__proto__`.
    const opened = Object.create(null) as Record<string, OpenedFile>;
    const close = () => {
      for (const file of Object.values(opened)) file.close();
    };

    async function openNext(): Promise<void> {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [name, { url, bytes, sha256 }] = next;
        const onOwnProgress = (progress: FileProgress) => {
          progressOf.set(name, progress);
          if (onProgress) notify(onProgress, totalProgress(files, progressOf));
        };
        const file = await (inMemory(name) ? takeIntoMemory : openFile)(url, {
          ...(bytes !== undefined && { bytes }),
          ...(sha256 !== undefined && { sha256 }),
          ...(id !== undefined && { model: id }),
          ...(onVerified && {
            onVerified: (verified) => {
              onVerified(name, verified);
            },
          }),
          signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
          onProgress: onOwnProgress,
        });
        opened[name] = file;
        // A file that comes from the storage reports no progress of its own.
        const size = { loadedBytes: file.bytes, totalBytes: file.bytes };
        onOwnProgress({ phase: 'store', ...size, bytesPerSecond: undefined, secondsLeft: 0 });
      }
    }

    // Files that wait for their turn are leased, so that those before them do not make room by removing them.
    const leases = waiting
      .slice(CONCURRENT_FILES)
      .flatMap(([, { sha256 }]) => (sha256 === undefined ? [] : leaseFile(sha256.toLowerCase())));
    const opening = Array.from({ length: CONCURRENT_FILES }, openNext);
    try {
      await Promise.all(opening);
      return { files: opened, persisted: Object.values(opened).every(({ persisted }) => persisted), close };
    } catch (error) {
      waiting.length = 0;
      failed.abort(error);
      await Promise.allSettled(opening);
      close();
      throw error;
    } finally {
      for (const lease of leases) void lease.then((end) => end());
    }
  };
}

/** The sum over all files, with the phase of the file that is furthest behind. */
function totalProgress(
  files: ModelFiles['files'],
  progressOf: ReadonlyMap<string, FileProgress>,
): FileProgress {
  const all = Object.entries(files).map(([name, { bytes }]) => {
    const { phase = 'connect', loadedBytes = 0, totalBytes = bytes, ...rest } = progressOf.get(name) ?? {};
    return { ...rest, phase, loadedBytes, totalBytes };
  });
  const phase = PHASES.find((each) => all.some((file) => file.phase === each)) ?? 'connect';
  return { phase, ...sumProgress(all) };
}
