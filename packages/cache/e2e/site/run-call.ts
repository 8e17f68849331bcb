import { cacheStorage, createModelStore, memoryStorage, opfsStorage } from '../../src/index';
import { sha256Hex } from '../../src/digest';

/** What a test asks of a store in the browser. */
export interface StoreCall {
  readonly method: 'getFile' | 'openFile' | 'list' | 'verify' | 'pin' | 'clear' | 'usage' | 'names' | 'heard';
  readonly storage: 'default' | 'opfs' | 'cache' | 'memory';
  readonly url?: string;
  readonly sha256?: string;
}

/** What it tells: plain values, the digest of what was handed out, what was heard meanwhile. */
export interface StoreAnswer {
  readonly value?: unknown;
  readonly digest?: string;
  readonly persisted?: boolean;
  readonly from?: string;
  readonly error?: { readonly name: string; readonly code?: string; readonly message: string };
  readonly refused: readonly string[];
  /** The bytes of each progress that was heard. */
  readonly loaded: readonly number[];
}

const storages = {
  default: () => undefined,
  opfs: () => opfsStorage(),
  cache: () => cacheStorage(),
  memory: () => memoryStorage(),
};
const stores = new Map<string, ReturnType<typeof createModelStore>>();
let refused: string[] = [];
/** How far the files are that were asked for, by address. */
const heard = new Map<string, number>();

/** Does what is asked, on the page or in its worker. */
export async function runCall({ method, storage, url = '', sha256 }: StoreCall): Promise<StoreAnswer> {
  const place = storages[storage]();
  const store =
    stores.get(storage) ??
    createModelStore({
      ...(place && { storage: place }),
      retry: { firstMs: 10 },
      onStorageRefused: (error) => refused.push(error.message),
    });
  stores.set(storage, store);
  refused = [];
  const loaded: number[] = [];
  const options = {
    ...(sha256 !== undefined && { sha256 }),
    onProgress({ loadedBytes }: { readonly loadedBytes: number }) {
      loaded.push(loadedBytes);
      heard.set(url, loadedBytes);
    },
  };
  const answer = async (): Promise<Partial<StoreAnswer>> => {
    if (method === 'getFile') {
      const { bytes, persisted, from } = await store.getFile(url, options);
      return { digest: await sha256Hex(bytes), persisted, from };
    }
    if (method === 'openFile') {
      const { blob, persisted, from, close } = await store.openFile(url, options);
      const digest = await sha256Hex(new Uint8Array(await blob.arrayBuffer()));
      close();
      return { digest, persisted, from };
    }
    if (method === 'heard') return { value: heard.get(url) ?? 0 };
    if (method === 'names') return { value: await place?.names() };
    if (method === 'pin') return { value: await store.pin(url) };
    return { value: await store[method]() };
  };
  const result = await answer().catch((error: unknown) => {
    const { name, message, code } = error as Error & { readonly code?: string };
    return { error: { name, message, ...(code !== undefined && { code }) } };
  });
  return { ...result, refused, loaded };
}
