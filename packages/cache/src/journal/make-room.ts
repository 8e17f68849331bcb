import { bytesOf, lockIdOf, type Journal, type JournalEntry } from './journal';
import { hasLocks, unlessLeased } from './lock';

/** Partial files that were not resumed for this long are removed. */
const STALE_MS = 7 * 24 * 3600 * 1000;

/** What is removed as a unit: a partial file, a file that belongs to no model, or all files of a model. */
interface Candidate {
  /** The model's id; undefined for a single file. */
  readonly model: string | undefined;
  readonly entries: readonly JournalEntry[];
  /** When one of its files was last handed out or stored, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** When a file was last handed out or stored, in milliseconds since 1970. */
export async function usedAt(journal: Journal, { key, record }: JournalEntry): Promise<number> {
  const used = Number(await journal.mark(key, 'used').catch(() => undefined));
  return Math.max(record.storedAt, Number.isFinite(used) ? used : 0);
}

/**
 * Frees `bytes`: removes partial files, then whole models, the least recently used first. Files that are pinned or leased,
 * in any tab, stay, and so does the rest of their model, and the file whose lock id is `exceptId`.
 *
 * Resolves with whether the bytes are free. Removes nothing if removing everything would not be enough.
 */
export async function makeRoom(journal: Journal, bytes: number, exceptId: string): Promise<boolean> {
  const all = (await listCandidates(journal)).filter(
    ({ entries }) => !entries.some((each) => lockIdOf(each) === exceptId),
  );
  const sizes = all.map(({ entries }) => entries.reduce((sum, { record }) => sum + bytesOf(record), 0));
  if (sizes.reduce((sum, size) => sum + size, 0) < bytes) return false;
  let freed = 0;
  for (const candidate of all) {
    if (freed >= bytes) break;
    freed += await evict(journal, candidate);
  }
  return freed >= bytes;
}

/** Makes room in the budget for a file of `bytes` beside all other files. Resolves with whether it fits. */
export async function makeRoomInBudget(
  journal: Journal,
  budgetBytes: number,
  bytes: number,
  exceptId: string,
): Promise<boolean> {
  if (bytes > budgetBytes) return false;
  const others = (await journal.list()).filter((entry) => lockIdOf(entry) !== exceptId);
  const excess = others.reduce((sum, { record }) => sum + bytesOf(record), bytes) - budgetBytes;
  return excess <= 0 || makeRoom(journal, excess, exceptId);
}

/** Removes partial files that were not resumed for a week, and values that no record lists. */
export async function sweep(journal: Journal, now = Date.now()): Promise<void> {
  await removePartials(journal, now - STALE_MS);
  // Without locks, values that another tab is writing cannot be told from strays.
  if (!hasLocks()) return;
  const names = await journal.names();
  const ids = new Map(names.map((name) => name.slice(0, name.indexOf('.'))).map((key) => [key, key]));
  for (const entry of await journal.list()) ids.set(entry.key, lockIdOf(entry));
  // A download takes a lease on its file before it writes anything.
  for (const [key, id] of ids) await unlessLeased([id], () => journal.tidy(key, names));
}

/** Removes partial files that are not leased and were last written before this time. Resolves with the bytes freed. */
export async function removePartials(journal: Journal, before: number): Promise<number> {
  let freed = 0;
  for (const entry of await journal.list()) {
    const { state, storedAt } = entry.record;
    if (state === 'partial' && storedAt < before) freed += await evict(journal, singleFile(entry, storedAt));
  }
  return freed;
}

function singleFile(entry: JournalEntry, at: number): Candidate {
  return { model: undefined, entries: [entry], usedAt: at };
}

/** Everything that may be removed, in the order of removal. */
async function listCandidates(journal: Journal): Promise<readonly Candidate[]> {
  const entries = await Promise.all(
    (await journal.list()).map(async (entry) => ({
      entry,
      at: await usedAt(journal, entry),
      pinned: (await journal.mark(entry.key, 'pinned')) !== undefined,
    })),
  );
  const whole = entries.filter(({ entry }) => entry.record.state === 'committed');
  const models = new Set(whole.flatMap(({ entry }) => entry.record.models));
  const groups = [
    ...[...models].map((model) => ({
      model,
      members: whole.filter(({ entry }) => entry.record.models.includes(model)),
    })),
    ...whole
      .filter(({ entry }) => entry.record.models.length === 0)
      .map((single) => ({ model: undefined, members: [single] })),
  ];
  const byUse = (one: Candidate, other: Candidate) => one.usedAt - other.usedAt;
  return [
    ...entries
      .filter(({ entry }) => entry.record.state === 'partial')
      .map(({ entry, at }) => singleFile(entry, at))
      .sort(byUse),
    ...groups
      .filter(({ members }) => !members.some(({ pinned }) => pinned))
      .map(({ model, members }) => ({
        model,
        entries: members.map(({ entry }) => entry),
        usedAt: Math.max(...members.map(({ at }) => at)),
      }))
      .sort(byUse),
  ];
}

/** Removes a candidate unless one of its files is leased. A file that other models need too only loses this model's id. */
async function evict(journal: Journal, { model, entries }: Candidate): Promise<number> {
  let freed = 0;
  await unlessLeased([...new Set(entries.map(lockIdOf))], async () => {
    for (const { key } of entries) {
      const record = await journal.find(key);
      if (record === undefined) continue;
      const models = record.models.filter((other) => other !== model);
      if (models.length > 0) {
        await journal.write(key, { ...record, models });
        continue;
      }
      await journal.remove(key);
      freed += bytesOf(record);
    }
  });
  return freed;
}
