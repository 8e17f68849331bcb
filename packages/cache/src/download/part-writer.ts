import type { FileLocation, FileRecord, Journal } from '../journal/journal';

/** Writes the parts of one file, one at a time while the next arrives, and moves to memory if the storage refuses. */
export interface PartWriter {
  /** Waits for the previous write, then begins to write this part and `record`. Rejects if the previous write failed. */
  write(index: number, data: Uint8Array<ArrayBuffer>, record: FileRecord | undefined): Promise<void>;
  /** Waits for the write that is under way. False if it failed. */
  settled(): Promise<boolean>;
  /** The parts of `record` as they are stored. */
  blob(record: FileRecord): Promise<Blob | undefined>;
  /** Moves the written parts to memory and writes further parts there. `reason` goes to `onRefused`. */
  moveToMemory(reason: Error): Promise<void>;
  /** Writes the record of the whole file. */
  commit(record: FileRecord): Promise<FileLocation>;
  /** Removes everything of the file except its pin. */
  clear(): Promise<void>;
}

/** Options of {@link createPartWriter}. */
export interface PartWriterOptions {
  readonly key: string;
  readonly journal: Journal;
  /** The memory that is used if `journal` refuses. */
  readonly fallback: Journal;
  /** Called when `journal` is full, with the bytes of this file in it. Resolves with whether to try again. */
  makeRoom(writtenBytes: number): Promise<boolean>;
  /** Receives the reason why the file is not persisted. */
  onRefused(cause: unknown): void;
}

/** Makes the writer of one file. */
export function createPartWriter(options: PartWriterOptions): PartWriter {
  const { key, fallback, makeRoom, onRefused } = options;
  let { journal } = options;
  let written: readonly number[] = [];
  let writing: Promise<void> = Promise.resolve();
  /** The sequence number of the last record in this journal. */
  let sequence: number | undefined;

  /** Runs a job that writes to the journal; if the journal refuses, moves to memory and runs it again. */
  async function withFallback(job: () => Promise<void>): Promise<void> {
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
      await moveParts();
      await job();
    }
  }

  async function moveParts(): Promise<void> {
    const before = journal;
    journal = fallback;
    sequence = undefined;
    const blob = await before.blob(key, written);
    if (blob === undefined) throw new Error('the storage lost parts that it had stored');
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
      writing = withFallback(async () => {
        await journal.writePart(key, index, data);
        written = [...written.slice(0, index), data.length];
        // Without a saved hash the file could not be resumed, so it needs no record.
        if (record?.hashState !== undefined) sequence = await journal.write(key, record, sequence);
      });
      writing.catch(() => undefined); // the next call that awaits it rejects
    },
    settled,
    async blob({ parts }) {
      await writing;
      const blob = await journal.blob(key, parts);
      if (blob) written = parts;
      return blob;
    },
    async moveToMemory(reason) {
      await settled();
      if (journal === fallback) return;
      onRefused(reason);
      await moveParts();
    },
    async commit(record) {
      await writing;
      await withFallback(async () => {
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

/** Whether the storage is full: browsers say so in the error's name, some file systems only in its message. */
function isFull(cause: unknown): boolean {
  return cause instanceof Error && /quota|no space|disk full/i.test(`${cause.name} ${cause.message}`);
}
