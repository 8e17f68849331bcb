import { toHex } from '@hayate/core';
import { loadSha256 } from '@hayate/core-wasm/sha256';

/** The SHA-256 of one message that arrives in pieces. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The digest so far, 64 lower-case hexadecimal digits. */
  digestHex(): string;
  /** The state, from which another process can continue; undefined if it cannot be saved. */
  save(): Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Makes a hasher of the empty message, or one that continues from a saved state: in WebAssembly, or, where that is not
 * available, in JavaScript, a third as fast and without a state to save.
 *
 * Rejects if it cannot continue from the state.
 */
export async function createHasher(state?: Uint8Array): Promise<Hasher> {
  const sha256 = await loadSha256().catch(() => undefined);
  if (sha256 !== undefined) {
    const hasher = sha256.create();
    if (state) hasher.restore(state);
    return hasher;
  }
  if (state) throw new Error('a saved state needs WebAssembly');
  const { sha256: inJavaScript } = await import('@noble/hashes/sha2.js');
  const hasher = inJavaScript.create();
  return {
    update: (bytes) => void hasher.update(bytes),
    digestHex: () => toHex(hasher.clone().digest()),
    save: () => undefined,
  };
}

/** The SHA-256 of `data` as 64 lower-case hexadecimal digits. */
export async function sha256Hex(data: Uint8Array<ArrayBuffer>): Promise<string> {
  // Undefined on pages without TLS, although TypeScript's types say otherwise.
  const { subtle } = crypto as { readonly subtle?: SubtleCrypto };
  if (subtle) return toHex(new Uint8Array(await subtle.digest('SHA-256', data)));
  const hasher = await createHasher();
  hasher.update(data);
  return hasher.digestHex();
}

/** The SHA-256 of a Blob, which is read piece by piece. `onRead` receives the number of bytes read so far. */
export async function sha256OfBlob(blob: Blob, onRead?: (bytes: number) => void): Promise<string> {
  const hasher = await createHasher();
  for await (const { piece, start } of piecesOf(blob)) {
    hasher.update(piece);
    onRead?.(start + piece.length);
  }
  return hasher.digestHex();
}

/** Copies a Blob into `target`, piece by piece. */
export async function copyBlob(blob: Blob, target: Uint8Array): Promise<void> {
  for await (const { piece, start } of piecesOf(blob)) target.set(piece, start);
}

// By slices, because Firefox streams large entries of the Cache API slowly.
async function* piecesOf(blob: Blob) {
  const length = 4 * 2 ** 20;
  for (let start = 0; start < blob.size; start += length) {
    yield { start, piece: new Uint8Array(await blob.slice(start, start + length).arrayBuffer()) };
  }
}

/** Hexadecimal digits as bytes. */
export function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
