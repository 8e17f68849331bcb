import type { ModelStorage } from '../storages/model-storage';

/**
 * What the journal knows of a file. Its parts may lie there without being whole or valid: only a record says what is
 * complete, and only its digest what is right.
 */
export interface FileRecord {
  /** `partial`: the parts are the beginning of a file. `committed`: they are the file, verified. */
  readonly state: 'partial' | 'committed';
  /** The addresses that it was asked for by. */
  readonly urls: readonly string[];
  /** The models that it was said to be a file of. */
  readonly models: readonly string[];
  /** 64 hexadecimal digits: of a partial file those that were asked for, if any were. */
  readonly sha256: string | undefined;
  /** The length of each part, in bytes. */
  readonly parts: readonly number[];
  /** What the server says that a partial file is: its strong ETag, or else the time it was changed. */
  readonly validator: string | undefined;
  /** The saved hash of a partial file, in hexadecimal digits. */
  readonly hashState: string | undefined;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** A record with its key: the digest of a file where that was known before its download, else a random one. */
export interface Entry {
  readonly key: string;
  readonly record: FileRecord;
}

/**
 * What is noted of a file beside its record, each as a value of its own: `used`, when it was last handed out, and
 * `pinned`, that it stays when room is needed. A note that comes too late does not bring back what was removed.
 */
export type Mark = 'used' | 'pinned';

/** The files of one storage: their records, their parts, and what is noted of them. */
export interface Journal {
  readonly storage: ModelStorage;
  find(key: string): Promise<FileRecord | undefined>;
  list(): Promise<readonly Entry[]>;
  /**
   * Writes a record after the newest one. Who writes alone names the number that its last write gave, so that nothing is
   * read before.
   */
  write(key: string, record: FileRecord, last?: number): Promise<number>;
  /** The note, or undefined where there is none. */
  mark(key: string, mark: Mark): Promise<string | undefined>;
  /** Notes it, or takes the note away. */
  setMark(key: string, mark: Mark, text: string | undefined): Promise<void>;
  writePart(key: string, index: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The parts as one, read when its bytes are asked for. Undefined when one is missing or has another length. */
  blob(key: string, parts: readonly number[]): Promise<Blob | undefined>;
  /** Forgets a file and frees its room. A mark may stay, for what is fetched in its place. */
  remove(key: string, but?: Mark): Promise<void>;
  /**
   * Removes those of `names` that belong to a file without its record telling of them; a pin stays, even without one.
   * Rejects, with nothing removed, where the record cannot be read.
   */
  tidy(key: string, names: readonly string[]): Promise<void>;
}

/** Where a file lies. */
export interface Place {
  readonly journal: Journal;
  readonly entry: Entry;
}

/** What a file is called in locks and leases: its digest, or else its key. */
export function idOf({ key, record }: Entry): string {
  return record.sha256 ?? key;
}

/** The length of what a record says is there, in bytes. */
export function bytesOf({ parts }: FileRecord): number {
  return parts.reduce((sum, bytes) => sum + bytes, 0);
}

interface Slot {
  readonly sequence: number;
  readonly record: FileRecord;
}

/**
 * Makes the journal of a storage. Each record has two slots that are written in turn, with a checksum: a write that is
 * cut, on any storage, leaves the record before.
 */
export function createJournal(storage: ModelStorage): Journal {
  const slotName = (key: string, sequence: number) => `${key}.r${sequence % 2}`;
  const partName = (key: string, index: number) => `${key}.${index}`;

  async function latest(
    key: string,
    readText = (blob: Blob): Promise<string | undefined> => blob.text().catch(() => undefined), // it may go meanwhile
  ): Promise<Slot | undefined> {
    const read = async (turn: number) => {
      const blob = await storage.read(slotName(key, turn));
      return parseSlot(blob && (await readText(blob)));
    };
    const [one, other] = await Promise.all([0, 1].map(read));
    return one && other ? (one.sequence > other.sequence ? one : other) : (one ?? other);
  }

  return {
    storage,

    async find(key) {
      return (await latest(key))?.record;
    },

    async list() {
      const names = (await storage.names()).filter((name) => /^[0-9a-z]+\.r[01]$/.test(name));
      const keys = new Set(names.map((name) => name.slice(0, -3)));
      const entries = await Promise.all(
        [...keys].map(async (key) => ({ key, record: (await latest(key))?.record })),
      );
      return entries.filter((entry): entry is Entry => entry.record !== undefined);
    },

    async write(key, record, last) {
      const sequence = (last ?? (await latest(key))?.sequence ?? 0) + 1;
      const text = JSON.stringify({ sequence, record } satisfies Slot);
      await storage.write(slotName(key, sequence), new TextEncoder().encode(`${checksum(text)} ${text}`));
      return sequence;
    },

    async mark(key, mark) {
      const blob = await storage.read(`${key}.${mark}`);
      return blob?.text().catch(() => undefined); // it went while it was read
    },

    async setMark(key, mark, text) {
      if (text === undefined) await storage.delete(`${key}.${mark}`);
      else await storage.write(`${key}.${mark}`, new TextEncoder().encode(text));
    },

    writePart: (key, index, data) => storage.write(partName(key, index), data),

    async blob(key, parts) {
      const blobs = await Promise.all(parts.map((_, index) => storage.read(partName(key, index))));
      const whole = blobs.every((blob, index) => blob?.size === parts[index]);
      return whole ? new Blob(blobs as Blob[]) : undefined;
    },

    async remove(key, but) {
      // The records first: what they do not tell of is not there.
      for (const turn of [0, 1]) await storage.delete(slotName(key, turn));
      const left = (await storage.names()).filter((name) => name.startsWith(`${key}.`));
      for (const name of left) if (name !== `${key}.${but}`) await storage.delete(name);
    },

    async tidy(key, names) {
      // A record that cannot be read just now may tell of all.
      const parts = (await latest(key, (blob) => blob.text()))?.record.parts;
      const known = new Set([
        `${key}.pinned`,
        ...(parts ? [`${key}.used`, slotName(key, 0), slotName(key, 1)] : []),
        ...(parts ?? []).map((_, index) => partName(key, index)),
      ]);
      const strays = names.filter((name) => name.startsWith(`${key}.`) && !known.has(name));
      for (const name of strays) await storage.delete(name).catch(() => undefined); // another tab may be at it
    },
  };
}

/** The record in a slot, or undefined where there is none or it is damaged. */
function parseSlot(line = ''): Slot | undefined {
  const space = line.indexOf(' ');
  const text = line.slice(space + 1);
  if (checksum(text) !== line.slice(0, space)) return undefined;
  try {
    const { sequence, record } = JSON.parse(text) as Slot;
    return { sequence, record: { ...record, models: record.models ?? [] } };
  } catch {
    return undefined; // damage that the checksum does not show
  }
}

/** FNV-1a of 32 bits: it has to tell a torn or damaged record, not a forged one. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
