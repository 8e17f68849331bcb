/**
 * A place that keeps values by name: the parts of files, and the journal's records. It knows nothing of models.
 *
 * Names are lower-case letters, digits and dots. `packages/testing` has its contract, `describeStorage`.
 */
export interface ModelStorage {
  /** What it is, for messages and locks. */
  readonly name: string;
  /** Whether what is written outlives the page. */
  readonly persistent: boolean;
  /** The names of all values, in any order. */
  names(): Promise<readonly string[]>;
  /** The value as it is now, read when its bytes are asked for. Undefined where there is none. */
  read(name: string): Promise<Blob | undefined>;
  /**
   * Writes or replaces a value. Resolves when it is kept, whole and as long as `data`; rejects with whatever the
   * platform says when it refuses. `data` is the caller's again once this settles.
   */
  write(name: string, data: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Whether there was such a value. */
  delete(name: string): Promise<boolean>;
}

/** Throws unless a storage kept as much as it was given: browsers are known to write less without a word. */
export function checkWritten(written: number, data: Uint8Array): void {
  if (written !== data.length) {
    throw new DOMException(`${written} of ${data.length} bytes were written`, 'QuotaExceededError');
  }
}
