import type { ModelStorage } from './model-storage';

/** What a storage in another thread is asked, and answers. */
export interface StorageCall {
  readonly id: number;
  readonly method: 'names' | 'read' | 'write' | 'delete';
  readonly parameters: readonly unknown[];
}

/** A storage that lives in a worker: what only a worker has can be tested from the page. */
export function remoteStorage(worker: Worker, name: string): ModelStorage {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
  let calls = 0;
  worker.addEventListener('message', ({ data: { id, value, error } }: MessageEvent) => {
    const call = waiting.get(id as number);
    waiting.delete(id as number);
    if (error === undefined) call?.resolve(value);
    else call?.reject(error);
  });
  function ask<Value>(method: StorageCall['method'], ...parameters: readonly unknown[]): Promise<Value> {
    return new Promise<unknown>((resolve, reject) => {
      waiting.set((calls += 1), { resolve, reject });
      worker.postMessage({ id: calls, method, parameters } satisfies StorageCall);
    }) as Promise<Value>;
  }
  return {
    name,
    persistent: true,
    names: () => ask('names'),
    read: (value) => ask('read', value),
    write: (value, data) => ask('write', value, data.slice()),
    delete: (value) => ask('delete', value),
  };
}
