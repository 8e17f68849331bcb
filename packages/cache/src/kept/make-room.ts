import { bytesOf, idOf, type Entry, type Journal } from './journal';
import { hasLocks, unlessHeld } from './lock';

/** Unfinished downloads that nobody went on with for so long are removed. */
const STALE_MS = 7 * 24 * 3600 * 1000;

/** What goes as one: an unfinished file, a file that belongs to no model, or all files of a model. */
interface Candidate {
  /** The model, if it is one. */
  readonly model: string | undefined;
  readonly entries: readonly Entry[];
  /** When any of it was last handed out, or else came, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** When a file was last handed out, or else came, in milliseconds since 1970. */
export async function usedAt(journal: Journal, { key, record }: Entry): Promise<number> {
  const used = Number(await journal.mark(key, 'used').catch(() => undefined));
  return Math.max(record.storedAt, Number.isFinite(used) ? used : 0);
}

/**
 * Removes what was not used for longest until `bytes` are free: first unfinished downloads, then whole models. What is
 * pinned, read or being downloaded, in any tab, stays, and with it all of its model; so does the file called `but`.
 *
 * Resolves with whether they are free. Nothing is removed where all of it would not be enough.
 */
export async function makeRoom(journal: Journal, bytes: number, but: string): Promise<boolean> {
  const all = (await candidates(journal)).filter(
    ({ entries }) => !entries.some((each) => idOf(each) === but),
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

/** Makes room for a file of so many bytes beside all others that are kept. Resolves with whether there is. */
export async function keepBudget(
  journal: Journal,
  budgetBytes: number,
  bytes: number,
  but: string,
): Promise<boolean> {
  if (bytes > budgetBytes) return false;
  const others = (await journal.list()).filter((entry) => idOf(entry) !== but);
  const excess = others.reduce((sum, { record }) => sum + bytesOf(record), bytes) - budgetBytes;
  return excess <= 0 || makeRoom(journal, excess, but);
}

/** Removes unfinished downloads that nobody went on with for a week, and values that no record tells of. */
export async function sweep(journal: Journal, now = Date.now()): Promise<void> {
  await removePartials(journal, now - STALE_MS);
  // Who cannot tell what others are writing leaves it alone.
  if (!hasLocks()) return;
  const names = await journal.storage.names();
  const ids = new Map(names.map((name) => name.slice(0, name.indexOf('.'))).map((key) => [key, key]));
  for (const entry of await journal.list()) ids.set(entry.key, idOf(entry));
  ids.delete('probe'); // the storage's own
  // A download holds its file before it writes anything.
  for (const [key, id] of ids) await unlessHeld([id], () => journal.tidy(key, names));
}

/** Removes unfinished downloads that nobody is at and that nothing came to since then. Resolves with their bytes. */
export async function removePartials(journal: Journal, before: number): Promise<number> {
  let freed = 0;
  for (const entry of await journal.list()) {
    const { state, storedAt } = entry.record;
    if (state === 'partial' && storedAt < before) freed += await evict(journal, alone(entry, storedAt));
  }
  return freed;
}

function alone(entry: Entry, at: number): Candidate {
  return { model: undefined, entries: [entry], usedAt: at };
}

/** All that may go, in the order in which it goes. */
async function candidates(journal: Journal): Promise<readonly Candidate[]> {
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
      .map(({ entry, at }) => alone(entry, at))
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

/** Removes a candidate unless any of it is held. What other models need too only loses this one's name. */
async function evict(journal: Journal, { model, entries }: Candidate): Promise<number> {
  let freed = 0;
  await unlessHeld([...new Set(entries.map(idOf))], async () => {
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
