import type { FileRecord, Journal, Place } from '../kept/journal';

/** Writes the parts of one file, one at a time while the next comes in, and moves to memory when its storage refuses. */
export interface PartWriter {
  /** Waits for the part before, and begins to write this one and then `record`. Rejects if the one before failed. */
  write(index: number, data: Uint8Array<ArrayBuffer>, record: FileRecord | undefined): Promise<void>;
  /** Waits for what is under way. False if it failed. */
  settled(): Promise<boolean>;
  /** The parts of `record` as they are stored. */
  blob(record: FileRecord): Promise<Blob | undefined>;
  /** Takes all that is written to memory and goes on there, for a reason. */
  leave(reason: Error): Promise<void>;
  /** Writes the record of the whole file. */
  commit(record: FileRecord): Promise<Place>;
  /** Forgets all of the file but that it is pinned. */
  clear(): Promise<void>;
}

/** What a {@link PartWriter} needs. */
export interface PartWriterOptions {
  readonly key: string;
  readonly journal: Journal;
  /** Takes over, in memory, when the first refuses. */
  readonly fallback: Journal;
  /** Asked when the first is full and has so many bytes of the file. Resolves with whether it is worth another try. */
  makeRoom(writtenBytes: number): Promise<boolean>;
  /** Hears why the file is not kept. */
  onRefused(cause: unknown): void;
}

/** Makes the writer of one file. */
export function createPartWriter(options: PartWriterOptions): PartWriter {
  const { key, fallback, makeRoom, onRefused } = options;
  let { journal } = options;
  let written: readonly number[] = [];
  let writing: Promise<void> = Promise.resolve();
  /** The number of the last record, in this journal. */
  let sequence: number | undefined;

  /** Does a job in the journal, or else in the fallback, where all that is written is taken first. */
  async function orInMemory(job: () => Promise<void>): Promise<void> {
    try {
      try {
        await job();
      } catch (cause) {
        const bytes = written.reduce((sum, length) => sum + length, 0);
        if (journal === fallback || !isFull(cause) || !(await makeRoom(bytes))) throw cause;
        await job();
      }
    } catch (cause) {
      if (journal === fallback) throw cause;
      onRefused(cause);
      await moveToFallback();
      await job();
    }
  }

  async function moveToFallback(): Promise<void> {
    const before = journal;
    journal = fallback;
    sequence = undefined;
    const blob = await before.blob(key, written);
    if (blob === undefined) throw new Error('the storage lost what it had kept');
    let start = 0;
    for (const [index, bytes] of written.entries()) {
      const piece = await blob.slice(start, (start += bytes)).arrayBuffer();
      await fallback.writePart(key, index, new Uint8Array(piece));
    }
    await before.remove(key, 'pinned').catch(() => undefined);
  }

  async function settled(): Promise<boolean> {
    return writing.then(
      () => true,
      () => false,
    );
  }

  return {
    async write(index, data, record) {
      await writing;
      writing = orInMemory(async () => {
        await journal.writePart(key, index, data);
        written = [...written.slice(0, index), data.length];
        // A file without a saved hash cannot be gone on from, so nothing is noted.
        if (record?.hashState !== undefined) sequence = await journal.write(key, record, sequence);
      });
      writing.catch(() => undefined); // told to whoever waits for it next
    },
    settled,
    async blob({ parts }) {
      await writing;
      const blob = await journal.blob(key, parts);
      if (blob) written = parts;
      return blob;
    },
    async leave(reason) {
      await settled();
      if (journal === fallback) return;
      onRefused(reason);
      await moveToFallback();
    },
    async commit(record) {
      await writing;
      await orInMemory(async () => {
        sequence = await journal.write(key, record, sequence);
      });
      return { journal, entry: { key, record } };
    },
    async clear() {
      await settled();
      writing = Promise.resolve();
      written = [];
      sequence = undefined;
      await journal.remove(key, 'pinned').catch(onRefused);
    },
  };
}

/** Whether a storage has no room: browsers say so by a name, and some file systems only in words. */
function isFull(cause: unknown): boolean {
  return cause instanceof Error && /quota|no space|disk full/i.test(`${cause.name} ${cause.message}`);
}
