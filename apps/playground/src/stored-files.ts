import { createModelStore, persistStorage, precacheModels, type StoreUsage } from '@hayate/cache';
import { createStore, type Manifest, type StoreEntry, type Store } from '@hayate/core';
import { formatBytes, formatProgress } from './format';

/** What the browser stores of all that this site has fetched. */
export interface StoredFilesState {
  /** Undefined until it was read for the first time. */
  readonly entries: readonly StoreEntry[] | undefined;
  readonly usage: StoreUsage | undefined;
  /** Why the browser does not let it be read. */
  readonly refused: string | undefined;
  /** What is being done, as a text, and how far it is, from 0 to 1. */
  readonly job: { readonly text: string; readonly fraction: number | undefined } | undefined;
  /** What came of the last job, as a sentence. */
  readonly outcome: string;
}

/**
 * Shows and changes what the browser stores. A model that is loaded stays loaded; its next load fetches the files that
 * were removed.
 */
export interface StoredFiles extends Store<StoredFilesState> {
  /** Reads again what is stored. */
  refresh(): Promise<void>;
  remove(model: Manifest): Promise<void>;
  removeAll(): Promise<void>;
  removeUnfinished(): Promise<void>;
  /** Compares stored files with their digests, of one model or of all, and removes those that differ. */
  verify(model?: Manifest): Promise<void>;
  pin(model: Manifest, isPinned: boolean): Promise<void>;
  /** Fetches the files that are not stored yet. */
  precache(models: readonly Manifest[]): Promise<void>;
  /** Asks the browser not to clear the storage on its own. */
  persist(): Promise<void>;
  /** Stops the job that is being done. */
  cancel(): void;
}

/** Makes the view. Nothing is read until `refresh` is called. */
export function createStoredFiles(): StoredFiles {
  const { getSnapshot, subscribe, set } = createStore<StoredFilesState>({
    entries: undefined,
    usage: undefined,
    refused: undefined,
    job: undefined,
    outcome: '',
  });
  // The worker has its own store over the same storage.
  const store = createModelStore();
  let controller = new AbortController();
  const change = (part: Partial<StoredFilesState>) => {
    set({ ...getSnapshot(), ...part });
  };

  async function refresh(): Promise<void> {
    try {
      const [entries, usage] = await Promise.all([store.list(), store.usage()]);
      change({ entries, usage, refused: undefined });
    } catch (error) {
      change({ entries: [], refused: messageOf(error) });
    }
  }

  /** Does one job at a time, and shows its outcome. */
  async function attempt(text: string, work: (signal: AbortSignal) => Promise<string>): Promise<void> {
    if (getSnapshot().job !== undefined) return;
    controller = new AbortController();
    change({ job: { text, fraction: undefined }, outcome: '' });
    const outcome = await work(controller.signal).catch((error: unknown) =>
      controller.signal.aborted ? 'Stopped.' : messageOf(error),
    );
    await refresh();
    change({ job: undefined, outcome });
  }

  return {
    getSnapshot,
    subscribe,
    refresh,
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
              const text = `Checking, ${formatProgress(loadedBytes, totalBytes)}`;
              change({ job: { text, fraction: loadedBytes / Math.max(1, totalBytes) } });
            },
          });
          verdicts.push(...found);
        }
        return describeVerdicts(verdicts);
      }),
    async pin(model, isPinned) {
      const urls = new Set(urlsOf(model));
      // The change is shown at once; `refresh` then shows what the store says.
      const { entries = [] } = getSnapshot();
      change({
        entries: entries.map((entry) => (urls.has(entry.url) ? { ...entry, pinned: isPinned } : entry)),
      });
      await Promise.all([...urls].map((url) => store.pin(url, isPinned))).catch(() => undefined);
      await refresh();
    },
    precache: (models) =>
      attempt('Downloading', async (signal) => {
        await precacheModels(models, {
          store,
          signal,
          onProgress({ loadedBytes, totalBytes, item, items }) {
            const text = `Downloading ${item + 1} of ${items}, ${formatProgress(loadedBytes, totalBytes)}`;
            const share = totalBytes === undefined ? 0 : loadedBytes / Math.max(1, totalBytes);
            change({ job: { text, fraction: (item + share) / items } });
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

/** The stored files of a model. */
export function storedOf({ entries }: StoredFilesState, model: Manifest): readonly StoreEntry[] {
  const urls = urlsOf(model);
  return (entries ?? []).filter(({ url }) => urls.includes(url));
}

/** The stored files of no model: ONNX Runtime, the kernels, and files of an earlier version. */
export function storedBeside(
  { entries }: StoredFilesState,
  models: readonly Manifest[],
): readonly StoreEntry[] {
  const urls = new Set(models.flatMap(urlsOf));
  return (entries ?? []).filter(({ url }) => !urls.has(url));
}

// A model from a person's file may use the stored labels of another model, which are not counted as its own.
function urlsOf({ files }: Manifest): readonly string[] {
  if (files['model']?.blob !== undefined) return [];
  return Object.values(files)
    .filter(({ blob }) => blob === undefined)
    .map(({ url }) => new URL(url, location.href).href);
}

function describeVerdicts(
  verdicts: readonly { readonly isIntact: boolean; readonly bytes: number }[],
): string {
  const damaged = verdicts.filter(({ isIntact }) => !isIntact).length;
  const files = verdicts.length === 1 ? '1 file was' : `${verdicts.length} files were`;
  if (damaged === 0) return `${files} read and hashed: all as they should be.`;
  return `${files} read and hashed: ${damaged} had changed and ${damaged === 1 ? 'was' : 'were'} removed.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
