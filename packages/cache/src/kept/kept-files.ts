import { HayateError, isHayateError } from '@hayate/core';
import { readBlob, sha256Hex, sha256OfBlob } from '../digest';
import { corrupt } from '../download/fetch-errors';
import type { Fetched, FetchFileOptions, FetchRequest, Form } from '../fetch-request';
import { bytesOf, type Place } from './journal';
import { findCommitted, note, type Places } from './places';

/** Reads the files that are kept. */
export interface KeptFiles {
  /** The file that was asked for, verified. What is found damaged is removed; what cannot be read just now stays. */
  fromStorage(places: Places, request: FetchRequest): Promise<Fetched | undefined>;
  /** A kept file, verified unless `trusted`. Undefined where it is not what its record says; rejects if it cannot be read. */
  open(place: Place, form: Form, trusted?: boolean): Promise<Omit<Fetched, 'from'> | undefined>;
}

/** Makes the reader of kept files; `onRefused` hears what a storage refused. */
export function createKeptFiles(onRefused: FetchFileOptions['onRefused']): KeptFiles {
  const onReadRefused = (cause: unknown) => {
    onRefused(cause, 'read');
  };
  const unread = (cause: unknown): 'unread' => {
    if (isHayateError(cause)) throw cause; // of the caller's concern
    onReadRefused(cause);
    return 'unread';
  };

  async function fromStorage(places: Places, request: FetchRequest): Promise<Fetched | undefined> {
    for (const place of await findCommitted(places, request, onReadRefused)) {
      const { journal, entry } = place;
      const size = bytesOf(entry.record);
      if (request.bytes !== undefined && request.bytes !== size) {
        // The file at this address may be another by now; the one of this digest is not.
        if (request.sha256 === undefined) continue;
        throw corrupt(request.url, `${request.bytes} bytes`, `${size} bytes`);
      }
      // A disk that is full has no room for this either, which is no reason to tell anybody.
      const used = journal.setMark(entry.key, 'used', String(Date.now())).catch(() => undefined);
      const kept = await open(place, request.form).catch(unread);
      await used;
      if (kept === 'unread') continue;
      if (kept) {
        await note(places, place, request).catch(onReadRefused);
        return { ...kept, from: 'storage' };
      }
      await journal.remove(entry.key, 'pinned').catch((cause: unknown) => {
        onRefused(cause, 'delete');
      });
    }
    return undefined;
  }

  async function open(
    { journal, entry }: Place,
    form: Form,
    trusted = false,
  ): Promise<Omit<Fetched, 'from'> | undefined> {
    const { sha256 } = entry.record;
    const room = form === 'bytes' ? allocate(bytesOf(entry.record)) : undefined;
    const blob = await journal.blob(entry.key, entry.record.parts);
    if (blob === undefined || sha256 === undefined) return undefined;
    const about = { sha256, persisted: journal.storage.persistent };
    if (room) await readBlob(blob, room);
    const actual = trusted ? sha256 : await (room ? sha256Hex(room) : sha256OfBlob(blob));
    return actual === sha256 ? { ...about, ...(room ? { bytes: room } : { blob }) } : undefined;
  }

  return { fromStorage, open };
}

/** Room for a whole file. A file that does not fit is no damaged one: it stays where it is. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const reason = `there is no room for ${bytes} bytes in memory; openFile reads them piece by piece`;
    throw new HayateError('bad-input', `The model cannot be read: ${reason}.`, { reason }, { cause });
  }
}
