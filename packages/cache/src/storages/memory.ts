import type { ModelStorage, StoredFile } from '../model-storage';

/** Keeps files in this realm's memory, until the page is left. */
export function memoryStorage(): ModelStorage {
  const files = new Map<string, StoredFile>();
  return {
    persistent: false,
    read(url) {
      const file = files.get(url);
      // A copy: whoever reads may transfer or change the bytes.
      return Promise.resolve(file && { ...file, data: file.data.slice() });
    },
    write(file) {
      files.set(file.url, { ...file, data: file.data.slice() });
      return Promise.resolve();
    },
    delete: (url) => Promise.resolve(files.delete(url)),
    list: () => Promise.resolve([...files.values()].map(({ data: _, ...info }) => info)),
  };
}
