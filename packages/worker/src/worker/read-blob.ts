import { sha256Hex } from '@hayate/cache';
import { fileCorrupt, fileUnreachable, type ModelFile } from '@hayate/core';

/**
 * Reads a Blob and checks its length and digest against the manifest.
 *
 * @throws HayateError `model-unreachable` (the file was moved or changed since it was chosen), `model-corrupt`.
 */
export async function readBlob(
  blob: Blob,
  { url, bytes, sha256 }: Omit<ModelFile, 'blob'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = await blob.arrayBuffer().catch((cause: unknown) => {
    throw fileUnreachable(url, undefined, 'the file was moved or changed since it was chosen', cause);
  });
  const data = new Uint8Array(buffer);
  if (bytes !== undefined && data.length !== bytes) {
    throw fileCorrupt(url, `${bytes} bytes`, `${data.length} bytes`);
  }
  if (sha256 !== undefined) {
    const actual = await sha256Hex(data);
    if (actual !== sha256) throw fileCorrupt(url, `SHA-256 ${sha256}`, `SHA-256 ${actual}`);
  }
  return data;
}
