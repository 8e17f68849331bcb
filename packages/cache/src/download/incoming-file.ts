import { createHasher, fromHex, sha256Hex, toHex, type Hasher } from '../digest';
import { bytesOf, type FileRecord, type Place } from '../kept/journal';
import type { PartWriter } from './part-writer';

/** What an incoming file is made of. */
export interface IncomingFileOptions {
  readonly urls: readonly string[];
  readonly models: readonly string[];
  /** The digest that was asked for. */
  readonly sha256: string | undefined;
  readonly writer: PartWriter;
  /** The length of a part, in bytes. One fills while another is written: a crash costs less than two. */
  readonly partLength: number;
  /** Whether its bytes are wanted in memory at the end. */
  readonly gather: boolean;
}

/** A file on its way into a storage: hashed as it comes, written part by part, and journalled after each. */
export interface IncomingFile {
  readonly receivedBytes: number;
  /** Whether an earlier session began it: what that kept may have changed at rest, and was not looked at again. */
  readonly resumed: boolean;
  readonly totalBytes: number | undefined;
  readonly validator: string | undefined;
  /** Notes what the server says of the whole file, before its bytes come. */
  begin(totalBytes: number | undefined, validator: string | undefined): void;
  /** Takes the next bytes. They are copied. */
  append(chunk: Uint8Array): Promise<void>;
  /** Makes it good to append again after a failure. */
  recover(): Promise<void>;
  /** Drops all that has come. */
  reset(): Promise<void>;
  /** Keeps what has come for another session, as far as the storage lets it. */
  suspend(): Promise<void>;
  /** The digest of all that came. */
  digest(): Promise<string>;
  /** The bytes, where all of them came by here and their number was known. The storage may still be writing them. */
  gathered(): Uint8Array<ArrayBuffer> | undefined;
  /** Journals the file as whole and right, and resolves with where it is. */
  commit(sha256: string): Promise<Place>;
}

/** Makes an incoming file, which goes on from what an earlier session left when it can be gone on from. */
export async function createIncomingFile(
  options: IncomingFileOptions,
  left?: FileRecord,
): Promise<IncomingFile> {
  const { urls, models, sha256, writer, partLength, gather } = options;
  let parts: number[] = [];
  let receivedBytes = 0;
  let resumed = false;
  let totalBytes: number | undefined;
  let validator: string | undefined;
  /** Made when the first part is full: shorter files are hashed at once. */
  let hasher: Hasher | undefined;
  /** The whole file, where it is gathered and its length is known. */
  let whole: Uint8Array<ArrayBuffer> | undefined;
  /** The part that is being filled, in `whole` or on its own. */
  let part: Uint8Array<ArrayBuffer> | undefined;
  let partBytes = 0;

  function record(state: FileRecord['state'], digest: string | undefined): FileRecord {
    const saved = state === 'partial' ? hasher?.save() : undefined;
    return {
      state,
      urls,
      models,
      sha256: digest,
      parts: [...parts],
      validator,
      hashState: saved && toHex(saved),
      storedAt: Date.now(),
    };
  }

  /** Without a digest to decide, and nothing of the server's to compare, it may be another file by then. */
  const isComparable = (known: string | undefined) => sha256 !== undefined || known !== undefined;

  async function resume(from: FileRecord): Promise<void> {
    const blob = await writer.blob(from);
    if (blob === undefined || from.hashState === undefined || !isComparable(from.validator))
      throw new Error('there is nothing to go on from');
    hasher = await createHasher(fromHex(from.hashState));
    parts = [...from.parts];
    receivedBytes = bytesOf(from);
    resumed = true;
    validator = from.validator;
  }

  async function reset(): Promise<void> {
    parts = [];
    receivedBytes = partBytes = 0;
    resumed = false;
    totalBytes = validator = hasher = whole = part = undefined;
    await writer.clear();
  }

  /** A place for the next `bytes`, which are within the part. */
  function room(bytes: number): Uint8Array<ArrayBuffer> {
    const start = receivedBytes - partBytes;
    if (whole && receivedBytes + bytes > whole.length) {
      // The server announced too little. Its announcements are not worth a failure; the digest decides.
      const own = new Uint8Array(partLength);
      own.set(whole.subarray(start, receivedBytes));
      whole = undefined;
      part = own;
    }
    part ??= whole?.subarray(start, start + partLength) ?? new Uint8Array(partLength);
    return part;
  }

  /** Hands the part to the storage, which writes it while the next one comes. */
  async function closePart(checkpoint: boolean): Promise<void> {
    if (part === undefined || partBytes === 0) return;
    const data = part.subarray(0, partBytes);
    if (checkpoint && hasher === undefined) (hasher = await createHasher()).update(data);
    const index = parts.length;
    parts.push(partBytes);
    part = undefined;
    partBytes = 0;
    const progress = checkpoint ? record('partial', sha256) : undefined;
    await writer.write(index, data, progress);
  }

  if (left) await resume(left).catch(reset);

  return {
    get receivedBytes() {
      return receivedBytes;
    },
    get resumed() {
      return resumed;
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
      if (!gather || receivedBytes > 0 || totalBytes === undefined) return;
      try {
        whole = new Uint8Array(totalBytes);
      } catch {
        // There is no such room. The bytes are read from the storage at the end.
      }
    },
    async append(chunk) {
      for (let start = 0; start < chunk.length;) {
        const piece = chunk.subarray(start, start + partLength - partBytes);
        room(piece.length).set(piece, partBytes);
        hasher?.update(piece);
        partBytes += piece.length;
        receivedBytes += piece.length;
        start += piece.length;
        if (partBytes === partLength) await closePart(true);
      }
    },
    async recover() {
      if (!(await writer.settled())) await reset();
    },
    reset,
    async suspend() {
      await closePart(true).catch(() => undefined);
      if (!(await writer.settled()) || !isComparable(validator)) await reset();
    },
    async digest() {
      const short = hasher ? undefined : (part ?? new Uint8Array()).subarray(0, partBytes);
      return hasher?.digestHex() ?? (await sha256Hex(short as Uint8Array<ArrayBuffer>));
    },
    gathered: () => (whole?.length === receivedBytes ? whole : undefined),
    async commit(verified) {
      await closePart(false);
      return writer.commit(record('committed', verified));
    },
  };
}
