import { createModelStore } from '@hayate/cache';
import { createStore, isHayateError, type Manifest, type ModelEntry, type Store } from '@hayate/core';

/** What the browser's store holds of all that this site has fetched. */
export interface KeptState {
  /** Undefined until it was looked at. */
  readonly entries: readonly ModelEntry[] | undefined;
  /** Why the browser does not let it be looked at. */
  readonly refused: string | undefined;
}

/** Looks into the browser's store, and takes things out of it. */
export interface KeptFiles extends Store<KeptState> {
  look(): Promise<void>;
  /** Removes the files of a model. What is loaded stays so; the next load fetches it anew. */
  remove(model: Manifest): Promise<void>;
}

/** Makes the view; it looks at nothing before it is asked. */
export function createKeptFiles(): KeptFiles {
  const { getSnapshot, subscribe, set } = createStore<KeptState>({ entries: undefined, refused: undefined });
  // The worker has one of its own over the same storage.
  const store = createModelStore();

  async function look(): Promise<void> {
    try {
      set({ entries: await store.list(), refused: undefined });
    } catch (error) {
      set({ entries: [], refused: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    getSnapshot,
    subscribe,
    look,
    async remove(model) {
      await Promise.all(
        urlsOf(model).map((url) =>
          store.delete(url).catch((error: unknown) => {
            if (!isHayateError(error)) throw error;
          }),
        ),
      ).catch(() => undefined); // what is still there is shown
      await look();
    },
  };
}

/** What the store holds of a model. */
export function keptOf({ entries = [] }: KeptState, model: Manifest): readonly ModelEntry[] {
  const urls = urlsOf(model);
  return (entries ?? []).filter(({ url }) => urls.includes(url));
}

/** What the store holds beside these models: ONNX Runtime, the kernels, and what an earlier version left. */
export function keptBeside({ entries = [] }: KeptState, models: readonly Manifest[]): readonly ModelEntry[] {
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
