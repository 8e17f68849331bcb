export { createModelStore } from './create-model-store';
export type { ModelStoreOptions } from './create-model-store';
export { cacheStorage } from './storages/cache-storage';
export { memoryStorage } from './storages/memory';
export type { ModelStorage, StoredFile, StoredFileInfo } from './model-storage';
