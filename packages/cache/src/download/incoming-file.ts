import { bytesOf, type FileLocation, type FileRecord } from '../journal/journal';
import { createFileHash } from './file-hash';
import { createPartBuffer } from './part-buffer';
import type { PartWriter } from './part-writer';

/** Options of {@link createIncomingFile}. */
export interface IncomingFileOptions {
  readonly urls: readonly string[];
  readonly models: readonly string[];
  /** The digest that was requested. */
  readonly sha256: string | undefined;
  readonly writer: PartWriter;
  /** The length of a part, in bytes. One part fills while another is written, so a crash costs less than two. */
  readonly partLength: number;
  /** Whether the whole file is wanted in memory at the end. */
  readonly gather: boolean;
}

/** A file that is being downloaded: hashed as it arrives, and written part by part, with a record after each part. */
export interface IncomingFile {
  readonly receivedBytes: number;
  /** Whether an earlier session began the file. Its parts may have changed since, and were not hashed again. */
  readonly isResumed: boolean;
  readonly totalBytes: number | undefined;
  readonly validator: string | undefined;
  /** Notes what the server announced, before the bytes arrive. */
  begin(totalBytes: number | undefined, validator: string | undefined): void;
  /** Adds the next bytes. They are copied. */
  append(chunk: Uint8Array): Promise<void>;
  /** Prepares for further bytes after a failure. */
  recover(): Promise<void>;
  /** Drops everything that was received. */
  reset(): Promise<void>;
  /** Stores what was received for another session, if the storage allows it. */
  suspend(): Promise<void>;
  /** The digest of everything that was received. */
  digest(): Promise<string>;
  /** The whole file, if it was gathered. The storage may still be writing it. */
  gathered(): Uint8Array<ArrayBuffer> | undefined;
  /** Commits the file as whole and verified, and resolves with its location. */
  commit(sha256: string): Promise<FileLocation>;
}

/** Makes an incoming file, which continues the partial file `partial` if that is possible. */
export async function createIncomingFile(
  options: IncomingFileOptions,
  partial?: FileRecord,
): Promise<IncomingFile> {
  const { urls, models, sha256, writer, partLength, gather } = options;
  const buffer = createPartBuffer(partLength);
  const hash = createFileHash();
  /** The lengths of the parts that were handed to the writer. */
  let parts: readonly number[] = [];
  let isResumed = false;
  let totalBytes: number | undefined;
  let validator: string | undefined;

  function record(state: FileRecord['state'], digest: string | undefined): FileRecord {
    const hashState = state === 'partial' ? hash.save() : undefined;
    return { state, urls, models, sha256: digest, parts, validator, hashState, storedAt: Date.now() };
  }

  /** Without a digest or a validator, the server may have another file by the time the download resumes. */
  const isResumable = (known: string | undefined) => sha256 !== undefined || known !== undefined;

  async function resume(from: FileRecord): Promise<void> {
    const blob = await writer.blob(from);
    if (blob === undefined || from.hashState === undefined || !isResumable(from.validator))
      throw new Error('the partial file cannot be resumed');
    await hash.resume(from.hashState);
    parts = from.parts;
    buffer.reset(bytesOf(from));
    isResumed = true;
    validator = from.validator;
  }

  async function reset(): Promise<void> {
    parts = [];
    isResumed = false;
    totalBytes = validator = undefined;
    buffer.reset();
    hash.reset();
    await writer.clear();
  }

  /** Passes the part to the writer, which writes it while the next part fills. */
  async function endPart(isCheckpoint: boolean): Promise<void> {
    if (buffer.part.length === 0) return;
    if (isCheckpoint) await hash.begin(buffer.part);
    const data = buffer.next();
    const index = parts.length;
    parts = [...parts, data.length];
    await writer.write(index, data, isCheckpoint ? record('partial', sha256) : undefined);
  }

  if (partial) await resume(partial).catch(reset);

  return {
    get receivedBytes() {
      return buffer.receivedBytes;
    },
    get isResumed() {
      return isResumed;
    },
    get totalBytes() {
      return totalBytes;
    },
    get validator() {
      return validator;
    },
    begin(total, valid) {
      validator = valid ?? validator;
      totalBytes = total ?? totalBytes;
      if (gather && buffer.receivedBytes === 0 && totalBytes !== undefined) buffer.gather(totalBytes);
    },
    async append(chunk) {
      for (let rest = chunk; rest.length > 0;) {
        const piece = buffer.fill(rest);
        hash.update(piece);
        rest = rest.subarray(piece.length);
        if (buffer.isFull) await endPart(true);
      }
    },
    async recover() {
      if (!(await writer.settled())) await reset();
    },
    reset,
    async suspend() {
      await endPart(true).catch(() => undefined);
      if (!(await writer.settled()) || !isResumable(validator)) await reset();
    },
    digest: () => hash.digest(buffer.part),
    gathered: () => buffer.gathered(),
    async commit(verified) {
      await endPart(false);
      return writer.commit(record('committed', verified));
    },
  };
}
