/** What is known of a stored file without reading its bytes. */
export interface StoredFileInfo {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** A stored file with its bytes, which are the caller's. */
export interface StoredFile extends StoredFileInfo {
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A place that keeps files by address. A file is there whole or not at all. */
export interface ModelStorage {
  /** Whether what is written outlives the page. */
  readonly persistent: boolean;
  read(url: string): Promise<StoredFile | undefined>;
  /** Rejects with whatever the platform says when it refuses; nothing is left behind then. */
  write(file: StoredFile): Promise<void>;
  delete(url: string): Promise<boolean>;
  list(): Promise<readonly StoredFileInfo[]>;
}
