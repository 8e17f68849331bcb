import { createModelStore } from '../create-model-store';
import { opfsStorage } from '../storages/opfs';

/** What the worker is asked for. */
export interface StoreCall {
  readonly url: string;
  readonly sha256: string;
  readonly folder: string;
}

/** Gets a file through a store of its own; tells the progress, and then where the file came from. */
addEventListener('message', ({ data: { url, sha256, folder } }: MessageEvent<StoreCall>) => {
  const store = createModelStore({ storage: opfsStorage(folder), retry: { firstMs: 1 } });
  const onProgress = (progress: object) => {
    postMessage({ progress });
  };
  store.openFile(url, { sha256, onProgress }).then(
    ({ sha256: digest, persisted, from, close }) => {
      close();
      postMessage({ opened: { sha256: digest, persisted, from } });
    },
    (error: unknown) => {
      postMessage({ error: String(error) });
    },
  );
});
