import { createModelStore, persistStorage, precacheModels, type StoreUsage } from '@hayate/cache';
import { createStore, type Manifest, type StoreEntry, type Store } from '@hayate/core';
import { formatBytes, formatProgress } from './format';

/** What the browser's store holds of all that this site has fetched. */
export interface KeptState {
  /** Undefined until it was looked at. */
  readonly entries: readonly StoreEntry[] | undefined;
  readonly usage: StoreUsage | undefined;
  /** Why the browser does not let it be looked at. */
  readonly refused: string | undefined;
  /** What is being done, and how far it is, from 0 to 1. */
  readonly job: { readonly words: string; readonly fraction: number | undefined } | undefined;
  /** What came of the last thing that was done, in a sentence. */
  readonly outcome: string;
}

/** Looks into the browser's store and tends it. What is loaded stays so; the next load fetches what was removed. */
export interface KeptFiles extends Store<KeptState> {
  look(): Promise<void>;
  remove(model: Manifest): Promise<void>;
  removeAll(): Promise<void>;
  removeUnfinished(): Promise<void>;
  /** Reads and hashes what is kept, of one model or of all. What is damaged is removed. */
  verify(model?: Manifest): Promise<void>;
  pin(model: Manifest, isPinned: boolean): Promise<void>;
  /** Fetches what is not there yet. */
  precache(models: readonly Manifest[]): Promise<void>;
  /** Asks the browser not to clear what is kept on its own. */
  persist(): Promise<void>;
  /** Ends what is being done. */
  cancel(): void;
}

/** Makes the view; it looks at nothing before it is asked. */
export function createKeptFiles(): KeptFiles {
  const { getSnapshot, subscribe, set } = createStore<KeptState>({
    entries: undefined,
    usage: undefined,
    refused: undefined,
    job: undefined,
    outcome: '',
  });
  // The worker has one of its own over the same storage.
  const store = createModelStore();
  let controller = new AbortController();
  const change = (part: Partial<KeptState>) => {
    set({ ...getSnapshot(), ...part });
  };

  async function look(): Promise<void> {
    try {
      const [entries, usage] = await Promise.all([store.list(), store.usage()]);
      change({ entries, usage, refused: undefined });
    } catch (error) {
      change({ entries: [], refused: messageOf(error) });
    }
  }

  /** One thing at a time, with what came of it. */
  async function attempt(words: string, work: (signal: AbortSignal) => Promise<string>): Promise<void> {
    if (getSnapshot().job !== undefined) return;
    controller = new AbortController();
    change({ job: { words, fraction: undefined }, outcome: '' });
    const outcome = await work(controller.signal).catch((error: unknown) =>
      controller.signal.aborted ? 'Stopped.' : messageOf(error),
    );
    await look();
    change({ job: undefined, outcome });
  }

  return {
    getSnapshot,
    subscribe,
    look,
    remove: (model) =>
      attempt('Removing', async () => {
        await Promise.all(urlsOf(model).map((url) => store.delete(url)));
        return `${model.id} is no longer kept.`;
      }),
    removeAll: () =>
      attempt('Removing', async () => {
        await store.clear();
        return 'Nothing is kept any more.';
      }),
    removeUnfinished: () =>
      attempt(
        'Removing',
        async () => `${formatBytes(await store.deletePartials())} of unfinished downloads removed.`,
      ),
    verify: (model) =>
      attempt('Checking', async (signal) => {
        const urls = model === undefined ? [undefined] : urlsOf(model);
        const verdicts = [];
        for (const url of urls) {
          const found = await store.verify(url, {
            signal,
            onProgress({ loadedBytes, totalBytes }) {
              const words = `Checking, ${formatProgress(loadedBytes, totalBytes)}`;
              change({ job: { words, fraction: loadedBytes / Math.max(1, totalBytes) } });
            },
          });
          verdicts.push(...found);
        }
        return verdictWords(verdicts);
      }),
    async pin(model, isPinned) {
      const urls = new Set(urlsOf(model));
      // Shown at once; then as it is.
      const { entries = [] } = getSnapshot();
      change({
        entries: entries.map((entry) => (urls.has(entry.url) ? { ...entry, pinned: isPinned } : entry)),
      });
      await Promise.all([...urls].map((url) => store.pin(url, isPinned))).catch(() => undefined);
      await look();
    },
    precache: (models) =>
      attempt('Downloading', async (signal) => {
        await precacheModels(models, {
          store,
          signal,
          onProgress({ loadedBytes, totalBytes, item, items }) {
            const words = `Downloading ${item + 1} of ${items}, ${formatProgress(loadedBytes, totalBytes)}`;
            const share = totalBytes === undefined ? 0 : loadedBytes / Math.max(1, totalBytes);
            change({ job: { words, fraction: (item + share) / items } });
          },
        });
        return 'All models are kept.';
      }),
    persist: () =>
      attempt('Asking the browser', async () =>
        (await persistStorage())
          ? 'The browser will not clear them on its own.'
          : 'The browser does not promise it yet. It does so for sites that are used often, or that are installed.',
      ),
    cancel() {
      controller.abort();
    },
  };
}

/** What the store holds of a model. */
export function keptOf({ entries }: KeptState, model: Manifest): readonly StoreEntry[] {
  const urls = urlsOf(model);
  return (entries ?? []).filter(({ url }) => urls.includes(url));
}

/** What the store holds beside these models: ONNX Runtime, the kernels, and what an earlier version left. */
export function keptBeside({ entries }: KeptState, models: readonly Manifest[]): readonly StoreEntry[] {
  const urls = new Set(models.flatMap(urlsOf));
  return (entries ?? []).filter(({ url }) => !urls.has(url));
}

// The labels of a person's model are those of another one.
function urlsOf({ files }: Manifest): readonly string[] {
  if (files['model']?.blob !== undefined) return [];
  return Object.values(files)
    .filter(({ blob }) => blob === undefined)
    .map(({ url }) => new URL(url, location.href).href);
}

function verdictWords(verdicts: readonly { readonly isIntact: boolean; readonly bytes: number }[]): string {
  const damaged = verdicts.filter(({ isIntact }) => !isIntact).length;
  const files = verdicts.length === 1 ? '1 file was' : `${verdicts.length} files were`;
  if (damaged === 0) return `${files} read and hashed: all as they should be.`;
  return `${files} read and hashed: ${damaged} had changed and ${damaged === 1 ? 'was' : 'were'} removed.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
