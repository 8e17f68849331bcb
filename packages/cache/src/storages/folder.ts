import { checkWritten, type ModelStorage } from './model-storage';

interface FileSystem {
  readonly promises: {
    mkdir(path: URL, options: { readonly recursive: true }): Promise<unknown>;
    readdir(path: URL): Promise<string[]>;
    stat(path: URL): Promise<{ readonly size: number }>;
    open(path: URL, flags: 'w'): Promise<FileHandle>;
    rename(from: URL, to: URL): Promise<void>;
    rm(path: URL): Promise<void>;
  };
  openAsBlob(path: URL): Promise<Blob>;
}

interface FileHandle {
  writeFile(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const UNFINISHED = '.tmp';

/**
 * Stores values in a folder, in Node, one file each. A file is written under another name and renamed once it is on disk.
 *
 * @param folder - Its `file:` address; it is created if it does not exist.
 */
export function folderStorage(folder: string | URL): ModelStorage {
  const base = new URL(`${new URL(folder).href.replace(/\/$/, '')}/`);
  // Other processes may write to the same folder.
  const own = crypto.getRandomValues(new Uint32Array(2)).join('-');
  let writes = 0;

  async function open(): Promise<FileSystem> {
    // In a variable, so that bundlers for browsers do not resolve the Node module.
    const specifier = 'node:fs';
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as FileSystem;
  }

  return {
    name: `folder ${base.href}`,
    persistent: true,

    async names() {
      const { promises } = await open();
      const names = await promises.readdir(base).catch(ifMissing);
      return (names ?? []).filter((name) => !name.endsWith(UNFINISHED));
    },

    async read(name) {
      const { promises, openAsBlob } = await open();
      const path = new URL(name, base);
      return (await promises.stat(path).catch(ifMissing)) && openAsBlob(path);
    },

    async write(name, data) {
      const { promises } = await open();
      await promises.mkdir(base, { recursive: true });
      const path = new URL(`${name}.${own}-${(writes += 1)}${UNFINISHED}`, base);
      try {
        const handle = await promises.open(path, 'w');
        try {
          await handle.writeFile(data);
          await handle.sync();
        } finally {
          await handle.close();
        }
        checkWritten((await promises.stat(path)).size, data);
        await promises.rename(path, new URL(name, base));
      } catch (error) {
        await promises.rm(path).catch(() => undefined);
        throw error;
      }
    },

    async delete(name) {
      const { promises } = await open();
      return promises.rm(new URL(name, base)).then(
        () => true,
        (error: unknown) => ifMissing(error) ?? false,
      );
    },
  };
}

/** Undefined if the error says that the file does not exist; rethrows any other error. */
function ifMissing(error: unknown): undefined {
  if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
  throw error;
}
