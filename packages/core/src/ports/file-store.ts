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
  /** The time left at that rate; undefined while the rate or the total is not known. */
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
  /** Undefined if the server does not tell the length. */
  readonly totalBytes: number | undefined;
  /** The rate over the last seconds; undefined until it is known. */
  readonly bytesPerSecond: number | undefined;
  /** The time left at that rate; undefined while the rate or the total is not known. */
  readonly secondsLeft: number | undefined;
}

/** Options of {@link FileStore.getFile}. */
export interface GetFileOptions {
  /** The digest that the file must have: 64 hexadecimal digits, upper or lower case. */
  readonly sha256?: string;
  /** The length that the file must have, in bytes. */
  readonly bytes?: number;
  /** Ask the network first, and use the stored file only if it does not answer. For files that change at their address. */
  readonly revalidate?: boolean;
  /** The model that the file belongs to, such as a manifest's id. To make room, a store removes all files of a model or none. */
  readonly model?: string;
  readonly signal?: AbortSignal;
  /** Receives the progress of a download, also of one in another tab. */
  readonly onProgress?: (progress: FileProgress) => void;
  /**
   * Receives the bytes of a download as soon as they are verified, while the store still writes them: only read them
   * until `getFile` resolves; from then on they are the caller's own. A store need not call it.
   */
  readonly onVerified?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A file from a store, in memory. */
export interface StoredFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** False if the file is only in memory, because the platform refused to store it. */
  readonly persisted: boolean;
  /** Where this call got the bytes from. */
  readonly from: 'network' | 'storage';
}

/** A file from a store that is read on demand. */
export interface OpenedFile extends Omit<StoredFile, 'bytes'> {
  /**
   * The whole file: `stream()`, `slice(from, to)` and `arrayBuffer()` read it from the storage. They reject once the
   * file has been deleted.
   */
  readonly blob: Blob;
  /** The length of the file. */
  readonly bytes: number;
  /** The bytes, which are the caller's own: read anew from `blob`; of a file in memory, the same array each time. */
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

/** The files of a model, such as a graph, external data and a tokenizer, by name. A manifest is one. */
export interface ModelFiles {
  /** Identifies the model: its files are pinned and removed together. Without an id, each file is on its own. */
  readonly id?: string;
  readonly files: Readonly<Record<string, FileSource>>;
}

/** Options of {@link FileStore.openFiles}. */
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
  /** False if any of them is only in memory. */
  readonly persisted: boolean;
  /** Closes all of them. */
  close(): void;
}

/** One entry of {@link FileStore.list}. */
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
  /** The models that the file belongs to, according to the calls. */
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
   * The same file, verified, without reading it into memory: for models that are too large for that. Never calls
   * `onVerified`.
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
  has(url: string | URL): Promise<boolean>;
  delete(url: string | URL): Promise<boolean>;
  clear(): Promise<void>;
  list(): Promise<readonly StoreEntry[]>;
}
