/** How far the loading of a model has come. */
export interface LoadProgress {
  /** `download` counts bytes; `start` compiles the model and warms it up. */
  readonly phase: 'download' | 'start';
  readonly loadedBytes: number;
  /** Undefined when the server does not say. */
  readonly totalBytes: number | undefined;
  /** From 0 to 1; undefined while the total is not known. */
  readonly fraction: number | undefined;
}

/** Options of {@link ModelStore.getModel}. */
export interface GetModelOptions {
  /** The digest the bytes must have, 64 hexadecimal digits in either case. */
  readonly sha256?: string;
  /** The length the file must have. */
  readonly bytes?: number;
  /** Ask the network first, and take what is stored only where it does not answer: for what changes at its address. */
  readonly revalidate?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly loadedBytes: number;
    readonly totalBytes: number | undefined;
  }) => void;
  /**
   * Told the bytes of a download as soon as they are verified, to be read while the store still writes them; they are
   * the caller's own once `getModel` resolves. A store need not call it.
   */
  readonly onVerified?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A file from the store. */
export interface StoredModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** False when the bytes only live in memory. */
  readonly persisted: boolean;
  /** Where the bytes came from this time. */
  readonly from: 'network' | 'storage';
}

/** One entry of {@link ModelStore.list}. */
export interface ModelEntry {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** Keeps files by address, verified. Implemented by `@hayate/cache`. */
export interface ModelStore {
  /**
   * The file at `url`, from the storage when it is there and whole, else from the network.
   *
   * @throws HayateError `model-unreachable`, `model-corrupt`; `AbortError`.
   */
  getModel(url: string | URL, options?: GetModelOptions): Promise<StoredModel>;
  has(url: string | URL): Promise<boolean>;
  delete(url: string | URL): Promise<boolean>;
  clear(): Promise<void>;
  list(): Promise<readonly ModelEntry[]>;
}
