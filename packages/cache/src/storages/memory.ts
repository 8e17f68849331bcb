import type { ModelStorage } from './model-storage';

/** Stores values in memory, as Blobs outside the JavaScript heap, until the page is closed. */
export function memoryStorage(): ModelStorage {
  const values = new Map<string, Blob>();
  return {
    name: 'memory',
    persistent: false,
    names: () => Promise.resolve([...values.keys()]),
    read: (name) => Promise.resolve(values.get(name)),
    write(name, data) {
      values.set(name, new Blob([data])); // copies the data
      return Promise.resolve();
    },
    delete: (name) => Promise.resolve(values.delete(name)),
  };
}
