import type { GetFileOptions, StoredFile } from '@hayate/core';
import type { Places } from './kept/places';
import type { OnProgress } from './download/progress';
import type { RetryOptions } from './download/retry';

/** How a file is handed out. */
export type Form = 'bytes' | 'blob';

/** A file in the form that was asked for. */
export interface Fetched extends Omit<StoredFile, 'bytes'> {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly blob?: Blob;
}

/** What is asked for, with nothing left open. */
export interface FetchRequest {
  readonly url: string;
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
  readonly model: string | undefined;
  readonly revalidate: boolean;
  readonly form: Form;
  readonly onVerified: GetFileOptions['onVerified'] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** What getting files needs beside the requests. */
export interface FetchFileOptions {
  readonly places: () => Promise<Places>;
  readonly fetch?: typeof fetch;
  readonly retry?: RetryOptions;
  readonly stallMs?: number;
  readonly checkpointBytes?: number;
  readonly budgetBytes?: number;
  readonly onRefused: (cause: unknown, action: 'read' | 'store' | 'delete') => void;
}
