import { sha256Hex } from '@hayate/cache';
import { HayateError, type ModelFile } from '@hayate/core';

/**
 * The bytes of a file that is in hand, checked against what its manifest promises.
 *
 * @throws HayateError `model-unreachable` (it was moved or changed since it was chosen), `model-corrupt`.
 */
export async function readBlob(
  blob: Blob,
  { url, bytes, sha256 }: Omit<ModelFile, 'blob'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = await blob.arrayBuffer().catch((cause: unknown) => {
    const message = `${url} could not be read: the file was moved or changed since it was chosen.`;
    throw new HayateError('model-unreachable', message, { url, status: undefined }, { cause });
  });
  const data = new Uint8Array(buffer);
  if (bytes !== undefined && data.length !== bytes) {
    throw corrupt(url, `${bytes} bytes`, `${data.length} bytes`);
  }
  if (sha256 !== undefined) {
    const actual = await sha256Hex(data);
    if (actual !== sha256) throw corrupt(url, `SHA-256 ${sha256}`, `SHA-256 ${actual}`);
  }
  return data;
}

function corrupt(url: string, expected: string, actual: string): HayateError<'model-corrupt'> {
  const message = `${url} is not the file that the manifest describes: ${expected}, but it has ${actual}.`;
  return new HayateError('model-corrupt', message, { url, expected, actual });
}
