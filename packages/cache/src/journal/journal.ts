import type { ModelStorage } from '../storages/model-storage';

/**
 * What the journal knows about a file. Parts may exist without being complete or correct: the record says which parts
 * belong to the file, and its digest what they must contain.
 */
export interface FileRecord {
  /** `partial`: the parts are the beginning of a file. `committed`: they are the whole file, verified. */
  readonly state: 'partial' | 'committed';
  /** The addresses under which the file was requested. */
  readonly urls: readonly string[];
  /** The models that the file belongs to, according to the requests. */
  readonly models: readonly string[];
  /** 64 hexadecimal digits. Of a partial file, the digest that was requested, if any. */
  readonly sha256: string | undefined;
  /** The length of each part, in bytes. */
  readonly parts: readonly number[];
  /** The server's identification of a partial file: its strong ETag, or else its time of last modification. */
  readonly validator: string | undefined;
  /** The saved state of a partial file's hash, in hexadecimal digits. */
  readonly hashState: string | undefined;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** A record with its key: the file's digest if it was known before the download, otherwise random. */
export interface JournalEntry {
  readonly key: string;
  readonly record: FileRecord;
}

/**
 * A mark is stored beside the record as a value of its own: `used`, when the file was last handed out, and `pinned`, that
 * it must not be removed to make room. A mark that is written after its file was removed does not restore the file.
 */
export type Mark = 'used' | 'pinned';

/** The files of one storage: their records, parts and marks. */
export interface Journal {
  readonly storage: ModelStorage;
  /**
   * The names of the journal's own values, and of what an interrupted write has left of them. An app may keep files of
   * its own in the same place: they are not listed, so nothing removes them.
   */
  names(): Promise<readonly string[]>;
  find(key: string): Promise<FileRecord | undefined>;
  list(): Promise<readonly JournalEntry[]>;
  /**
   * Writes a record as the newest one and resolves with its sequence number. A caller that is the only writer passes the
   * number of its last write, which saves reading it.
   */
  write(key: string, record: FileRecord, last?: number): Promise<number>;
  /** The mark's text, or undefined if the mark is not set. */
  mark(key: string, mark: Mark): Promise<string | undefined>;
  /** Sets a mark, or removes it if `text` is undefined. */
  setMark(key: string, mark: Mark, text: string | undefined): Promise<void>;
  writePart(key: string, index: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The parts as one Blob, read on demand. Undefined if a part is missing or has another length. */
  blob(key: string, parts: readonly number[]): Promise<Blob | undefined>;
  /** Removes a file: its record, parts and marks, except the mark `keep`, for the file that will replace it. */
  remove(key: string, keep?: Mark): Promise<void>;
  /**
   * Removes those of `names` that belong to this key but not to its record. A pin is never removed.
   * Rejects, and removes nothing, if the record cannot be read.
   */
  tidy(key: string, names: readonly string[]): Promise<void>;
}

/** A key of 28 to 64 letters and digits, then a slot of its record, a part or a mark. Chromium adds the last suffix. */
const OWN_NAME = /^[0-9a-z]{28,64}\.(?:r[01]|\d+|used|pinned)(?:\.crswap)?$/;

/** Where a file is stored: a journal, and the file's entry in it. */
export interface FileLocation {
  readonly journal: Journal;
  readonly entry: JournalEntry;
}

/** The name of a file in locks and leases: its digest, or else its key. */
export function lockIdOf({ key, record }: JournalEntry): string {
  return record.sha256 ?? key;
}

/** The length of the parts that a record lists, in bytes. */
export function bytesOf({ parts }: FileRecord): number {
  return parts.reduce((sum, bytes) => sum + bytes, 0);
}

interface Slot {
  readonly sequence: number;
  readonly record: FileRecord;
}

/**
 * Makes the journal of a storage. Each record has two slots, which are written in turn and carry a checksum: if a write is
 * interrupted, on any storage, the previous record remains.
 */
export function createJournal(storage: ModelStorage): Journal {
  const slotName = (key: string, sequence: number) => `${key}.r${sequence % 2}`;
  const partName = (key: string, index: number) => `${key}.${index}`;

  async function latest(
    key: string,
    // A slot may be removed before its text is read.
    readText = (blob: Blob): Promise<string | undefined> => blob.text().catch(() => undefined),
  ): Promise<Slot | undefined> {
    const read = async (turn: number) => {
      const blob = await storage.read(slotName(key, turn));
      return parseSlot(blob && (await readText(blob)));
    };
    const [one, other] = await Promise.all([0, 1].map(read));
    return one && other ? (one.sequence > other.sequence ? one : other) : (one ?? other);
  }

  const names = async () => (await storage.names()).filter((name) => OWN_NAME.test(name));

  return {
    storage,
    names,

    async find(key) {
      return (await latest(key))?.record;
    },

    async list() {
      const slots = (await names()).filter((name) => /\.r[01]$/.test(name));
      const keys = new Set(slots.map((name) => name.slice(0, -3)));
      const entries = await Promise.all(
        [...keys].map(async (key) => ({ key, record: (await latest(key))?.record })),
      );
      return entries.filter((entry): entry is JournalEntry => entry.record !== undefined);
    },

    async write(key, record, last) {
      const sequence = (last ?? (await latest(key))?.sequence ?? 0) + 1;
      const text = JSON.stringify({ sequence, record } satisfies Slot);
      await storage.write(slotName(key, sequence), new TextEncoder().encode(`${checksum(text)} ${text}`));
      return sequence;
    },

    async mark(key, mark) {
      const blob = await storage.read(`${key}.${mark}`);
      return blob?.text().catch(() => undefined); // removed while it was being read
    },

    async setMark(key, mark, text) {
      if (text === undefined) await storage.delete(`${key}.${mark}`);
      else await storage.write(`${key}.${mark}`, new TextEncoder().encode(text));
    },

    writePart: (key, index, data) => storage.write(partName(key, index), data),

    async blob(key, parts) {
      const blobs = await Promise.all(parts.map((_, index) => storage.read(partName(key, index))));
      const isComplete = blobs.every((blob, index) => blob?.size === parts[index]);
      return isComplete ? new Blob(blobs as Blob[]) : undefined;
    },

    async remove(key, keep) {
      // Delete the record first: parts without a record count as absent.
      for (const turn of [0, 1]) await storage.delete(slotName(key, turn));
      const left = (await names()).filter((name) => name.startsWith(`${key}.`));
      for (const name of left) if (name !== `${key}.${keep}`) await storage.delete(name);
    },

    async tidy(key, all) {
      // Rejects if the record cannot be read: it may list every part.
      const parts = (await latest(key, (blob) => blob.text()))?.record.parts;
      const known = new Set([
        `${key}.pinned`,
        ...(parts ? [`${key}.used`, slotName(key, 0), slotName(key, 1)] : []),
        ...(parts ?? []).map((_, index) => partName(key, index)),
      ]);
      const strays = all.filter((name) => name.startsWith(`${key}.`) && !known.has(name));
      // Another tab may be deleting the same value.
      for (const name of strays) await storage.delete(name).catch(() => undefined);
    },
  };
}

/** The content of a slot; undefined if it is empty, damaged, or of a version with other records. */
function parseSlot(line = ''): Slot | undefined {
  const space = line.indexOf(' ');
  const text = line.slice(space + 1);
  if (checksum(text) !== line.slice(0, space)) return undefined;
  try {
    const slot = JSON.parse(text) as Slot;
    return Number.isInteger(slot.sequence) && isRecord(slot.record) ? slot : undefined;
  } catch {
    return undefined; // damage that the checksum does not detect
  }
}

/** Whether a record has the fields that every reader relies on. */
function isRecord({ state, urls, models, parts, storedAt }: FileRecord): boolean {
  const isList = (list: unknown, type: string) =>
    Array.isArray(list) && list.every((item) => typeof item === type);
  return (
    (state === 'partial' || state === 'committed') &&
    isList(urls, 'string') &&
    isList(models, 'string') &&
    isList(parts, 'number') &&
    typeof storedAt === 'number'
  );
}

/** FNV-1a of 32 bits: enough to detect a torn or damaged record; it does not protect against forgery. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
