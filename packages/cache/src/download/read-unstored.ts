import { fileCorrupt, fileUnreachable, notify, readLocalFile } from '@hayate/core';
import { sha256Hex } from '../digest';
import type { FileRequest, LoadedFile } from '../file-request';
import { createProgress } from './progress';

/** Reads and verifies a `file:` address, in Node, or an address of this page's memory. Such files are not stored again. */
export async function readUnstored(
  request: FileRequest,
  fetch: typeof globalThis.fetch,
): Promise<LoadedFile> {
  const { url, sha256, bytes, form, signal, onProgress, onVerified } = request;
  const report = createProgress(onProgress);
  const read = async () => {
    if (url.startsWith('file:')) return readLocalFile(url, signal);
    return new Uint8Array(await (await fetch(url, { signal })).arrayBuffer());
  };
  const data = await read().catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw fileUnreachable(url, undefined, 'it could not be read', cause);
  });
  if (bytes !== undefined && data.length !== bytes)
    throw fileCorrupt(url, `${bytes} bytes`, `${data.length} bytes`);
  report('verify', data.length, data.length);
  const digest = await sha256Hex(data);
  if (sha256 !== undefined && digest !== sha256)
    throw fileCorrupt(url, `SHA-256 ${sha256}`, `SHA-256 ${digest}`);
  if (onVerified) notify(onVerified, data);
  const about = { sha256: digest, persisted: false, from: 'network' } as const;
  return form === 'bytes' ? { ...about, bytes: data } : { ...about, blob: new Blob([data]) };
}
