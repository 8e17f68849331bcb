import { afterAll } from 'vitest';
import { describeFaults } from './describe-faults.test.helper';
import { cacheStorage } from '../storages/cache-storage';
import { remoteStorage } from '../storages/remote-storage.test.helper';

const worker = new Worker(new URL('../storages/opfs.test.worker.ts', import.meta.url), { type: 'module' });
afterAll(() => {
  worker.terminate();
});

describeFaults('OPFS in a worker', () => remoteStorage(worker, 'opfs hayate-test'));
describeFaults('the Cache API', () => cacheStorage('hayate-test'));
