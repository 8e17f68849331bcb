import { toHex } from '@hayate/core';
import { createHasher, fromHex, sha256Hex, type Hasher } from '../digest';

/** The SHA-256 of a file that is received in parts. Files of less than one part are hashed at once, at the end. */
export interface FileHash {
  /** Begins with the first part, unless the hash has begun. */
  begin(firstPart: Uint8Array): Promise<void>;
  /** Adds received bytes, if the hash has begun. */
  update(bytes: Uint8Array): void;
  /** The digest: of the bytes that were added, or, if the hash has not begun, of `file`. */
  digest(file: Uint8Array<ArrayBuffer>): Promise<string>;
  /** The state in hexadecimal digits; undefined if the hash has not begun or its state cannot be saved. */
  save(): string | undefined;
  /** Continues from a saved state. Rejects if that is not possible. */
  resume(state: string): Promise<void>;
}

/** Makes a hash that has not begun. */
export function createFileHash(): FileHash {
  let hasher: Hasher | undefined;
  return {
    async begin(firstPart) {
      if (hasher === undefined) (hasher = await createHasher()).update(firstPart);
    },
    update(bytes) {
      hasher?.update(bytes);
    },
    digest: async (file) => hasher?.digestHex() ?? sha256Hex(file),
    save() {
      const state = hasher?.save();
      return state && toHex(state);
    },
    async resume(state) {
      hasher = await createHasher(fromHex(state));
    },
  };
}
