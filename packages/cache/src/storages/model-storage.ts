/**
 * Stores values by name: the parts of files, and the journal's records and marks. It knows nothing about models.
 *
 * Names consist of lower-case letters, digits and dots. The contract suite is `describeStorage` in `packages/testing`.
 */
export interface ModelStorage {
  /** Identifies the storage in locks: the same in all tabs that share it. */
  readonly name: string;
  /** Whether values outlive the page. */
  readonly persistent: boolean;
  /** The names of all values, in any order. */
  names(): Promise<readonly string[]>;
  /** The current value, whose bytes are read on demand. Undefined if there is none. */
  read(name: string): Promise<Blob | undefined>;
  /**
   * Writes or replaces a value. Resolves when it is stored with its full length; rejects with the platform's error if the
   * platform refuses. The caller may change `data` once this settles.
   */
  write(name: string, data: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Removes a value. Resolves with whether it existed. */
  delete(name: string): Promise<boolean>;
}

/** Throws unless all of `data` was written: browsers are known to write less without an error. */
export function checkWritten(written: number, data: Uint8Array): void {
  if (written !== data.length) {
    throw new DOMException(`${written} of ${data.length} bytes were written`, 'QuotaExceededError');
  }
}
