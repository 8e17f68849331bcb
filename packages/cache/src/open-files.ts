import { tell, type FileProgress, type GetModelOptions, type OpenedModel } from '@hayate/core';

/** A model of several files: weights and external data, a tokenizer, a configuration. A manifest is one. */
export interface ModelFiles {
  /** What they are kept, pinned and dropped together by; without it, each goes alone. */
  readonly id?: string;
  readonly files: Readonly<Record<string, FileSource>>;
}

/** Where a file comes from, and what it must be. */
export interface FileSource {
  readonly url: string | URL;
  readonly bytes?: number;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
}

/** All files of a model, open. */
export interface OpenedFiles {
  readonly files: Readonly<Record<string, OpenedModel>>;
  /** False when any of them only lives in memory. */
  readonly persisted: boolean;
  /** Closes them all. */
  close(): void;
}

/**
 * Gets all files of a model, verified, with one progress, or none: when one cannot be had, the call rejects with its
 * error, none is handed out, the others' downloads end, and what came stays for the next try. They are kept, pinned and
 * dropped together. `onProgress` adds them up; its phase is that of the file that is furthest behind.
 *
 * @throws as `getModel`.
 */
export type OpenFiles = (
  model: ModelFiles,
  options?: Pick<GetModelOptions, 'signal' | 'onProgress'>,
) => Promise<OpenedFiles>;

/** Each download has up to two parts in memory. */
const AT_ONCE = 4;
const PHASES = ['connect', 'download', 'verify', 'store'] as const;

/** Makes {@link OpenFiles} of what opens one. */
export function createOpenFiles(
  open: (url: string | URL, options: GetModelOptions) => Promise<OpenedModel>,
): OpenFiles {
  return async ({ id, files }, { signal, onProgress } = {}) => {
    const left = Object.entries(files);
    const failed = new AbortController();
    const whileWanted = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const told = new Map<string, FileProgress>();
    const opened: Record<string, OpenedModel> = {};
    const close = () => {
      for (const each of Object.values(opened)) each.close();
    };

    async function openNext(): Promise<void> {
      for (let next = left.shift(); next; next = left.shift()) {
        const [name, { url, bytes, sha256 }] = next;
        const listener = (progress: FileProgress) => {
          told.set(name, progress);
          if (onProgress) tell(onProgress, addUp(files, told));
        };
        const file = await open(url, {
          ...(bytes !== undefined && { bytes }),
          ...(sha256 !== undefined && { sha256 }),
          ...(id !== undefined && { model: id }),
          signal: whileWanted,
          onProgress: listener,
        });
        opened[name] = file;
        // What is kept already tells nothing of its own.
        const { size } = file.blob;
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
