export { createModelStore } from './create-model-store';
export type { ModelStoreOptions } from './create-model-store';
export type { ModelStorage } from './model-storage';
export type { RetryOptions } from './retry';
export { cacheStorage } from './storages/cache-storage';
export { folderStorage } from './storages/folder';
export { memoryStorage } from './storages/memory';
export { opfsStorage } from './storages/opfs';
