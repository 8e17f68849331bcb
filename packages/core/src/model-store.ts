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

/** How far a file is on its way into a store. */
export interface FileProgress {
  /**
   * `connect` waits for the server, `download` counts bytes, `verify` compares the digest, `store` waits for the
   * storage. A connection that broke goes back to `connect`.
   */
  readonly phase: 'connect' | 'download' | 'verify' | 'store';
  readonly loadedBytes: number;
  /** Undefined when the server does not say. */
  readonly totalBytes: number | undefined;
  /** Over the last seconds; undefined until there is something to tell. */
  readonly bytesPerSecond: number | undefined;
  /** At that rate; undefined while it or the total is not known. */
  readonly secondsLeft: number | undefined;
}

/** Options of {@link ModelStore.getModel}. */
export interface GetModelOptions {
  /** The digest the bytes must have, 64 hexadecimal digits in either case. */
  readonly sha256?: string;
  /** The length the file must have, in bytes. */
  readonly bytes?: number;
  /** Ask the network first, and take what is stored only where it does not answer: for what changes at its address. */
  readonly revalidate?: boolean;
  /** The model that this is a file of, such as a manifest's id: a store that needs room lets go of all of it or nothing. */
  readonly model?: string;
  readonly signal?: AbortSignal;
  /** Hears of a download, also of one that another tab does. */
  readonly onProgress?: (progress: FileProgress) => void;
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

/** A file from the store that is read when its bytes are asked for. */
export interface OpenedModel extends Omit<StoredModel, 'bytes'> {
  /**
   * The file, whole: `stream()`, `slice(from, to)` and `arrayBuffer()` read it from where it is kept. Reading fails
   * once it has been deleted.
   */
  readonly blob: Blob;
  /** Tells that it is no longer read. Until then, or until the page is gone, no tab's store makes room by dropping it. */
  close(): void;
}

/** One entry of {@link ModelStore.list}. */
export interface ModelEntry {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** When it was last handed out, in milliseconds since 1970. */
  readonly usedAt: number;
  /** Whether it stays when room is needed. */
  readonly pinned: boolean;
  /** The models that it was said to be a file of. */
  readonly models: readonly string[];
  /** False when it only lives in memory. */
  readonly persisted: boolean;
}

/** Keeps files by address, verified. Implemented by `@hayate/cache`. */
export interface ModelStore {
  /**
   * The file at `url`, from the storage when it is there and whole, else from the network.
   *
   * @throws HayateError `model-unreachable`, `model-corrupt`; `AbortError`.
   */
  getModel(url: string | URL, options?: GetModelOptions): Promise<StoredModel>;
  /**
   * The same file, verified, without taking it into memory: for models that are too large for that. `onVerified` is not
   * called.
   *
   * @throws as {@link ModelStore.getModel}.
   */
  openModel(url: string | URL, options?: GetModelOptions): Promise<OpenedModel>;
  has(url: string | URL): Promise<boolean>;
  delete(url: string | URL): Promise<boolean>;
  clear(): Promise<void>;
  list(): Promise<readonly ModelEntry[]>;
}
