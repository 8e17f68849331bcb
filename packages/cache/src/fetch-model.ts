import { HayateError, type GetModelOptions, type StoredModel } from '@hayate/core';
import { readBlob, sha256Hex, sha256OfBlob } from './digest';
import { corrupt, unreachable } from './fetch-errors';
import { bytesOf } from './journal';
import type { Place } from './part-writer';
import { findCommitted, note, type Places } from './places';
import type { OnProgress } from './progress';
import type { RetryOptions } from './retry';

/** How a file is handed out. */
export type Form = 'bytes' | 'blob';

/** A file in the form that was asked for. */
export interface Fetched extends Omit<StoredModel, 'bytes'> {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly blob?: Blob;
}

/** What is asked for, with nothing left open. */
export interface FetchRequest {
  readonly url: string;
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
  readonly model: string | undefined;
  readonly revalidate: boolean;
  readonly form: Form;
  readonly onVerified: GetModelOptions['onVerified'] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** What getting files needs beside the requests. */
export interface FetchModelOptions {
  readonly places: () => Promise<Places>;
  readonly fetch?: typeof fetch;
  readonly retry?: RetryOptions;
  readonly stallMs?: number;
  readonly checkpointBytes?: number;
  readonly budgetBytes?: number;
  readonly onRefused: (cause: unknown, action: 'read' | 'store' | 'delete') => void;
}

/** What is kept, as the downloader needs it too. */
export interface KeptFiles {
  /** What is kept, verified. What is found damaged is removed. */
  fromStorage(places: Places, request: FetchRequest): Promise<Fetched | undefined>;
  /** A kept file, verified unless `trusted`. Undefined where it is not what its record says. */
  open(place: Place, form: Form, trusted?: boolean): Promise<Omit<Fetched, 'from'> | undefined>;
}

/** Makes what gets a file from where it is kept, or else from the network. */
export function createFetchModel(options: FetchModelOptions) {
  const { onRefused } = options;
  const onReadRefused = (cause: unknown) => {
    onRefused(cause, 'read');
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
      const kept = await open(place, request.form);
      await used;
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
    try {
      const blob = await journal.blob(entry.key, entry.record.parts);
      if (blob === undefined || sha256 === undefined) return undefined;
      const about = { sha256, persisted: journal.storage.persistent };
      if (room) await readBlob(blob, room);
      const actual = trusted ? sha256 : await (room ? sha256Hex(room) : sha256OfBlob(blob));
      return actual === sha256 ? { ...about, ...(room ? { bytes: room } : { blob }) } : undefined;
    } catch (cause) {
      onReadRefused(cause);
      return undefined;
    }
  }

  return async (request: FetchRequest): Promise<Fetched> => {
    const places = await options.places();
    // What has a digest does not change.
    const revalidate = request.revalidate && request.sha256 === undefined;
    const skip = revalidate || !/^https?:/.test(request.url);
    const kept = skip ? undefined : await fromStorage(places, request);
    if (kept) return kept;
    const { downloadModel } = await loadDownloader(request.url);
    return downloadModel(request, { ...options, places, revalidate, kept: { fromStorage, open } });
  };
}

/** Pages whose models are kept do without the half that downloads. */
async function loadDownloader(url: string) {
  try {
    return await import('./download-model');
  } catch (cause) {
    const reason = 'the code that downloads did not load; after an update of the site, reload the page';
    throw unreachable(url, undefined, reason, cause);
  }
}

/** Room for a whole file. A file that does not fit is no damaged one: it stays where it is. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const reason = `there is no room for ${bytes} bytes in memory; openModel reads them piece by piece`;
    throw new HayateError('bad-input', `The model cannot be read: ${reason}.`, { reason }, { cause });
  }
}
