import type { FileProgress, GetFileOptions, StoredFile } from '@hayate/core';
import type { RetryOptions } from './download/retry';
import type { Journals } from './journal/journals';

/** Whether a file is handed out in memory or as a Blob that is read on demand. */
export type FileForm = 'bytes' | 'blob';

/** A file in the form that was requested: either `bytes` or `blob` is there. */
export interface LoadedFile extends Omit<StoredFile, 'bytes'> {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly blob?: Blob;
}

/** A request for one file, checked and with all defaults filled in. */
export interface FileRequest {
  readonly url: string;
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
  readonly model: string | undefined;
  readonly revalidate: boolean;
  readonly form: FileForm;
  readonly onVerified: GetFileOptions['onVerified'] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FileProgress) => void;
}

/** A store's options, as the loader of files needs them; see `ModelStoreOptions`. */
export interface FileLoaderOptions {
  readonly journals: () => Promise<Journals>;
  readonly fetch?: typeof fetch;
  readonly retry?: RetryOptions;
  readonly stallMs?: number;
  readonly checkpointBytes?: number;
  readonly budgetBytes?: number;
  /** Receives the errors of the storages. */
  readonly onRefused: (cause: unknown, action: 'read' | 'store' | 'delete') => void;
}
