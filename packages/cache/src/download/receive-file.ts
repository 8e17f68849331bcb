import { fileCorrupt, isHayateError, notify } from '@hayate/core';
import type { FileRequest, LoadedFile } from '../file-request';
import { findPartial, removeUrl, withItem } from '../journal/journals';
import { leaseFile } from '../journal/lock';
import { makeRoom, makeRoomInBudget } from '../journal/make-room';
import type { DownloadOptions } from './download-file';
import { createIncomingFile, type IncomingFile } from './incoming-file';
import { createPartWriter } from './part-writer';
import { createProgress } from './progress';
import type { RetryOptions } from './retry';
import { transfer } from './transfer';

const CHECKPOINT_BYTES = 8 * 2 ** 20;

/** One of the two attempts to receive a file. */
interface Attempt {
  readonly retry: RetryOptions;
  /** Begin with a request without a range. */
  readonly withoutRange: boolean;
  /** Makes room for a whole file of `bytes` in the budget; if it does not fit, the file moves to memory. */
  fitBudget(bytes: number): Promise<void>;
}

/** Downloads a file into the writable journal, and resumes a partial file. The caller has the lock on the file. */
export async function receiveFile(
  request: FileRequest,
  options: DownloadOptions,
  retry: RetryOptions,
): Promise<LoadedFile> {
  const { url, sha256, bytes, model, form } = request;
  const { onRefused, budgetBytes, checkpointBytes = CHECKPOINT_BYTES } = options;
  const { writable: journal, memory: fallback } = options.journals;
  const partial = await findPartial(journal, request).catch(onReadRefused(options));
  const key = sha256 ?? partial?.key ?? randomKey();
  const endLease = await leaseFile(key);
  const writer = createPartWriter({
    key,
    journal,
    fallback,
    async makeRoom(writtenBytes) {
      const total = bytes ?? file.totalBytes;
      return total !== undefined && makeRoom(journal, total - writtenBytes, key);
    },
    onRefused(cause) {
      onRefused(cause, 'store');
    },
  });
  const file = await createIncomingFile(
    {
      urls: withItem(partial?.record.urls ?? [], url),
      models: withItem(partial?.record.models ?? [], model),
      sha256,
      writer,
      partLength: Math.max(1, Math.ceil(checkpointBytes / 2)),
      gather: form === 'bytes',
    },
    partial?.record,
  );

  async function fitBudget(size: number): Promise<void> {
    if (budgetBytes === undefined || (await makeRoomInBudget(journal, budgetBytes, size, key))) return;
    await writer.moveToMemory(new Error(`${size} bytes are not within the budget of ${budgetBytes}`));
  }

  try {
    if (bytes !== undefined) await fitBudget(bytes);
    const first = await receiveOnce(file, request, options, { retry, fitBudget, withoutRange: false });
    if (typeof first !== 'string') return first;
    // Damaged in transit, or its stored beginning was: download the whole file once more.
    await file.reset();
    const second = await receiveOnce(file, request, options, { retry, fitBudget, withoutRange: true });
    if (typeof second !== 'string') return second;
    await file.reset();
    throw fileCorrupt(url, sha256 === undefined ? 'what was received' : `SHA-256 ${sha256}`, second);
  } catch (error) {
    await file.suspend();
    throw error;
  } finally {
    endLease();
  }
}

/** One attempt. Resolves with the file, or with a description of the content if that is wrong. */
async function receiveOnce(
  file: IncomingFile,
  request: FileRequest,
  options: DownloadOptions,
  { retry, fitBudget, withoutRange }: Attempt,
): Promise<LoadedFile | string> {
  const { url, sha256, form, signal, onVerified } = request;
  const { journals, reader, onRefused, checkpointBytes = CHECKPOINT_BYTES, stallMs = 30_000 } = options;
  const report = createProgress(request.onProgress);
  await transfer(url, file, {
    fetch: options.fetch ?? globalThis.fetch,
    bytes: request.bytes,
    digestKnown: sha256 !== undefined,
    withoutRange,
    retry,
    progressBytes: Math.min(2 ** 20, checkpointBytes),
    stallMs,
    signal,
    report,
  });
  const size = file.receivedBytes;
  report('verify', size, size);
  const digest = await file.digest();
  if (request.bytes !== undefined && size !== request.bytes) {
    await file.reset();
    throw fileCorrupt(url, `${request.bytes} bytes`, `${size} bytes`);
  }
  if (sha256 !== undefined && digest !== sha256) return `SHA-256 ${digest}`;
  const bytes = file.gathered();
  signal.throwIfAborted();
  if (bytes && onVerified) notify(onVerified, bytes);
  report('store', size, size);
  await fitBudget(size);
  const location = await file.commit(digest);
  const stored = bytes
    ? { bytes, sha256: digest, persisted: location.journal.storage.persistent }
    : // The hash of a resumed file went on from its saved state and did not see the parts that were stored before.
      await reader.read(location, form, !file.isResumed).catch(onReadRefused(options));
  if (stored === undefined) return 'what the storage lost or changed';
  await removeUrl(journals, url, location).catch((cause: unknown) => {
    onRefused(cause, 'delete');
  });
  if (stored.bytes && !bytes && onVerified) notify(onVerified, stored.bytes);
  return { ...stored, from: 'network' };
}

/** Reports a storage that cannot be read. A HayateError is not the storage's, and is thrown. */
function onReadRefused({ onRefused }: DownloadOptions) {
  return (cause: unknown): undefined => {
    if (isHayateError(cause)) throw cause;
    onRefused(cause, 'read');
  };
}

/** The key of a file whose digest is not known before it has been downloaded. */
function randomKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(36).padStart(7, '0')).join('');
}
