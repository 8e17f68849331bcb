/** The progress of loading a model. */
export interface LoadProgress {
  /** `download` counts bytes; `start` compiles the model and warms it up. */
  readonly phase: 'download' | 'start';
  readonly loadedBytes: number;
  /** Undefined while the length of a file is not known. */
  readonly totalBytes: number | undefined;
  /** From 0 to 1; undefined while the total is not known. */
  readonly fraction: number | undefined;
  /** The rate of the downloads over the last seconds; undefined until it is known. */
  readonly bytesPerSecond: number | undefined;
  /** The time left at that rate, in seconds; undefined while the rate or the total is not known. */
  readonly secondsLeft: number | undefined;
}

/** The progress of a file on its way into a store. */
export interface FileProgress {
  /**
   * `connect` waits for the server, `download` counts bytes, `verify` compares the digest, `store` waits for the
   * storage. After a connection breaks, the phase is `connect` again.
   */
  readonly phase: 'connect' | 'download' | 'verify' | 'store';
  readonly loadedBytes: number;
  /** Undefined if the server does not send the length. */
  readonly totalBytes: number | undefined;
  /** The rate over the last seconds; undefined until it is known. */
  readonly bytesPerSecond: number | undefined;
  /** The time left at that rate, in seconds; undefined while the rate or the total is not known. */
  readonly secondsLeft: number | undefined;
}

/** What a file must be, and how {@link FileStore.getFile} fetches it. */
export interface GetFileOptions {
  /** The digest that the file must have: 64 hexadecimal digits, upper or lower case. */
  readonly sha256?: string;
  /** The length that the file must have, in bytes. */
  readonly bytes?: number;
  /** Whether to ask the network first, and use the stored file only if it does not answer: for files that change. */
  readonly revalidate?: boolean;
  /** The model that the file belongs to, such as a manifest's id. To make room, a store removes all files of a model or none. */
  readonly model?: string;
  readonly signal?: AbortSignal;
  /** Receives the progress of a download, also of one in another tab. */
  readonly onProgress?: (progress: FileProgress) => void;
  /**
   * Receives the bytes of a download as soon as they are verified, while the store still writes them. They must not be
   * changed or transferred before `getFile` resolves. A store need not call this function.
   */
  readonly onVerified?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A file from a store, in memory. */
export interface StoredFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** False if the file is only in memory, because the platform refused to store it. */
  readonly persisted: boolean;
  /** Whether this call got the bytes from the network or from the storage. */
  readonly from: 'network' | 'storage';
}

/** A file of a store, which is read on demand. */
export interface OpenedFile extends Omit<StoredFile, 'bytes'> {
  /**
   * The whole file: `stream()`, `slice(from, to)` and `arrayBuffer()` read it from the storage. They reject once the
   * file has been deleted.
   */
  readonly blob: Blob;
  /** The length of the file. */
  readonly bytes: number;
  /** Reads the bytes from `blob` into a new array; for a file in memory, returns the same array each time. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
  /** Ends the use of the file. Until then, or until the page is closed, no tab's store removes the file to make room. */
  close(): void;
}

/** The address of a file, and its expected content. */
export interface FileSource {
  readonly url: string | URL;
  readonly bytes?: number;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
}

/** The files of a model, such as a graph, external data and a tokenizer, by name. A manifest has this type. */
export interface ModelFiles {
  /** Identifies the model: its files are pinned and removed together. Without an id, each is pinned and removed alone. */
  readonly id?: string;
  readonly files: Readonly<Record<string, FileSource>>;
}

/** How {@link FileStore.openFiles} opens the files. */
export interface OpenFilesOptions extends Pick<GetFileOptions, 'signal' | 'onProgress'> {
  /** Whether a file is read into memory, as by `getFile`, or opened, as by `openFile`. By default all are opened. */
  readonly inMemory?: (name: string) => boolean;
  /**
   * Receives the bytes of each file that is downloaded into memory as soon as they are verified, while the store still
   * writes them; see {@link GetFileOptions.onVerified}.
   */
  readonly onVerified?: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
}

/** The opened files of a model. */
export interface OpenedFiles {
  readonly files: Readonly<Record<string, OpenedFile>>;
  /** False if any of the files is only in memory. */
  readonly persisted: boolean;
  /** Closes all files. */
  close(): void;
}

/** A stored file, as {@link FileStore.list} describes it. */
export interface StoreEntry {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** When the file was last handed out, in milliseconds since 1970. */
  readonly usedAt: number;
  /** Whether the file is never removed to make room. */
  readonly pinned: boolean;
  /** The models that callers have named for the file. */
  readonly models: readonly string[];
  /** False if the file is only in memory. */
  readonly persisted: boolean;
}

/** Downloads, verifies and stores files. Implemented by `@hayate/cache`. */
export interface FileStore {
  /**
   * The file at `url`, from the storage if it is stored there intact, otherwise from the network.
   *
   * @throws HayateError `model-unreachable`, `model-corrupt`; `AbortError`.
   */
  getFile(url: string | URL, options?: GetFileOptions): Promise<StoredFile>;
  /**
   * The file at `url`, verified as by `getFile`, but not read into memory: for files that are too large for that. Never
   * calls `onVerified`.
   *
   * @throws as {@link FileStore.getFile}.
   */
  openFile(url: string | URL, options?: GetFileOptions): Promise<OpenedFile>;
  /**
   * All files of a model, verified, or none of them: if one fails, the call rejects with its error and the other
   * downloads end; what was received stays stored for the next call. `onProgress` receives the sum over all files, with
   * the phase of the file that is furthest behind.
   *
   * @throws as {@link FileStore.getFile}.
   */
  openFiles(model: ModelFiles, options?: OpenFilesOptions): Promise<OpenedFiles>;
  /** Whether the file at `url` is stored whole. */
  has(url: string | URL): Promise<boolean>;
  /** Removes the file at `url`. Returns whether it was stored. */
  delete(url: string | URL): Promise<boolean>;
  /** Removes all files. */
  clear(): Promise<void>;
  list(): Promise<readonly StoreEntry[]>;
}
