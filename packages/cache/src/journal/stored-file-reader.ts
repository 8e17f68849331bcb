import { fileCorrupt, HayateError, isHayateError } from '@hayate/core';
import { copyBlob, sha256Hex, sha256OfBlob } from '../digest';
import type { FileForm, FileLoaderOptions, FileRequest, LoadedFile } from '../file-request';
import { bytesOf, type FileLocation } from './journal';
import { addToRecord, findCommitted, type Journals } from './journals';

/** Reads stored files and verifies them. */
export interface StoredFileReader {
  /**
   * The requested file, verified, or undefined if it is not stored. A damaged file is removed; a file that cannot be read
   * at the moment stays.
   */
  find(journals: Journals, request: FileRequest): Promise<LoadedFile | undefined>;
  /**
   * The file at a location, verified unless `isVerified`. Undefined if it does not match its record; rejects if it cannot
   * be read.
   */
  read(
    location: FileLocation,
    form: FileForm,
    isVerified?: boolean,
  ): Promise<Omit<LoadedFile, 'from'> | undefined>;
}

/** Makes a reader; `onRefused` receives the errors of the storages. */
export function createStoredFileReader(onRefused: FileLoaderOptions['onRefused']): StoredFileReader {
  const onReadRefused = (cause: unknown) => {
    onRefused(cause, 'read');
  };
  const unreadable = (cause: unknown): 'unreadable' => {
    if (isHayateError(cause)) throw cause; // not the storage's fault, see `allocate`
    onReadRefused(cause);
    return 'unreadable';
  };

  async function find(journals: Journals, request: FileRequest): Promise<LoadedFile | undefined> {
    for (const location of await findCommitted(journals, request, onReadRefused)) {
      const { journal, entry } = location;
      const size = bytesOf(entry.record);
      if (request.bytes !== undefined && request.bytes !== size) {
        // Without a digest, the file at this address may have changed. With one, the requested length is wrong.
        if (request.sha256 === undefined) continue;
        throw fileCorrupt(request.url, `${request.bytes} bytes`, `${size} bytes`);
      }
      // On a full disk this write fails, which does not concern the caller.
      const marked = journal.setMark(entry.key, 'used', String(Date.now())).catch(() => undefined);
      const file = await read(location, request.form).catch(unreadable);
      await marked;
      if (file === 'unreadable') continue;
      if (file) {
        await addToRecord(journals, location, request).catch(onReadRefused);
        return { ...file, from: 'storage' };
      }
      await journal.remove(entry.key, 'pinned').catch((cause: unknown) => {
        onRefused(cause, 'delete');
      });
    }
    return undefined;
  }

  async function read(
    { journal, entry }: FileLocation,
    form: FileForm,
    isVerified = false,
  ): Promise<Omit<LoadedFile, 'from'> | undefined> {
    const { sha256 } = entry.record;
    const bytes = form === 'bytes' ? allocate(bytesOf(entry.record)) : undefined;
    const blob = await journal.blob(entry.key, entry.record.parts);
    if (blob === undefined || sha256 === undefined) return undefined;
    if (bytes) await copyBlob(blob, bytes);
    const actual = isVerified ? sha256 : await (bytes ? sha256Hex(bytes) : sha256OfBlob(blob));
    const persisted = journal.storage.persistent;
    return actual === sha256 ? { sha256, persisted, ...(bytes ? { bytes } : { blob }) } : undefined;
  }

  return { find, read };
}

/** Memory for a whole file. A file that does not fit is not damaged, so this is an error of its own. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const reason = `there is no room for ${bytes} bytes in memory; openFile reads them piece by piece`;
    throw new HayateError('bad-input', `The model cannot be read: ${reason}.`, { reason }, { cause });
  }
}
