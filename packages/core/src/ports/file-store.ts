/** How far the loading of a model has come. */
export interface LoadProgress {
  /** `download` counts bytes; `start` compiles the model and warms it up. */
  readonly phase: 'download' | 'start';
  readonly loadedBytes: number;
  /** Undefined when the server does not say. */
  readonly totalBytes: number | undefined;
  /** From 0 to 1; undefined while the total is not known. */
  readonly fraction: number | undefined;
  /** Of the downloads, over the last seconds; undefined until it is known. */
  readonly bytesPerSecond: number | undefined;
  /** At that rate; undefined while it or the total is not known. */
  readonly secondsLeft: number | undefined;
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

/** Options of {@link FileStore.getFile}. */
export interface GetFileOptions {
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
   * the caller's own once `getFile` resolves. A store need not call it.
   */
  readonly onVerified?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A file from the store. */
export interface StoredFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** False when the bytes only live in memory. */
  readonly persisted: boolean;
  /** Where the bytes came from this time. */
  readonly from: 'network' | 'storage';
}

/** A file from the store that is read when its bytes are asked for. */
export interface OpenedFile extends Omit<StoredFile, 'bytes'> {
  /**
   * The file, whole: `stream()`, `slice(from, to)` and `arrayBuffer()` read it from where it is kept. Reading fails
   * once it has been deleted.
   */
  readonly blob: Blob;
  /** Its length. */
  readonly bytes: number;
  /** The bytes, which are the caller's own: read from `blob`, or those that were taken into memory. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
  /** Tells that it is no longer read. Until then, or until the page is gone, no tab's store makes room by dropping it. */
  close(): void;
}

/** Where a file comes from, and what it must be. */
export interface FileSource {
  readonly url: string | URL;
  readonly bytes?: number;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
}

/** A model of several files: weights and external data, a tokenizer, a configuration. A manifest is one. */
export interface ModelFiles {
  /** What they are kept, pinned and dropped together by; without it, each goes alone. */
  readonly id?: string;
  readonly files: Readonly<Record<string, FileSource>>;
}

/** Options of {@link FileStore.openFiles}. */
export interface OpenFilesOptions extends Pick<GetFileOptions, 'signal' | 'onProgress'> {
  /** Whether a file is taken into memory, as by `getFile`; the others are opened, as by `openFile`. All are opened unless given. */
  readonly inMemory?: (name: string) => boolean;
  /**
   * Hears the bytes of each file taken into memory as soon as they are verified, to be read while the store still
   * writes them; see {@link GetFileOptions.onVerified}.
   */
  readonly onVerified?: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
}

/** All files of a model, open. */
export interface OpenedFiles {
  readonly files: Readonly<Record<string, OpenedFile>>;
  /** False when any of them only lives in memory. */
  readonly persisted: boolean;
  /** Closes them all. */
  close(): void;
}

/** One entry of {@link FileStore.list}. */
export interface StoreEntry {
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
export interface FileStore {
  /**
   * The file at `url`, from the storage when it is there and whole, else from the network.
   *
   * @throws HayateError `model-unreachable`, `model-corrupt`; `AbortError`.
   */
  getFile(url: string | URL, options?: GetFileOptions): Promise<StoredFile>;
  /**
   * The same file, verified, without taking it into memory: for models that are too large for that. `onVerified` is not
   * called.
   *
   * @throws as {@link FileStore.getFile}.
   */
  openFile(url: string | URL, options?: GetFileOptions): Promise<OpenedFile>;
  /**
   * All files of a model, verified, with one progress, or none: when one cannot be had, the call rejects with its error,
   * none is handed out, the other downloads end, and what came stays for the next try. `onProgress` adds them up; its
   * phase is that of the file that is furthest behind.
   *
   * @throws as {@link FileStore.getFile}.
   */
  openFiles(model: ModelFiles, options?: OpenFilesOptions): Promise<OpenedFiles>;
  has(url: string | URL): Promise<boolean>;
  delete(url: string | URL): Promise<boolean>;
  clear(): Promise<void>;
  list(): Promise<readonly StoreEntry[]>;
}
