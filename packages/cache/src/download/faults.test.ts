import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createModelStore } from '../create-model-store';
import { modelBytes } from '../model-bytes.test.helper';
import { describeFaults } from './describe-faults.test.helper';
import { FAULTS } from './faults.test.helper';
import { folderStorage } from '../storages/folder';
import { memoryStorage } from '../storages/memory';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hayate-faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the table has at least 48 behaviours, each its own', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(48);
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

test('an answer is read whole though it is collected while the storage drops what came before', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const index = FAULTS.findIndex(({ name }) => name === 'the whole in place of the rest');
  const url = `${inject('faultServer')}/${index}/collected-${Date.now()}/60000`;
  const memory = memoryStorage();
  const storage = {
    ...memory,
    async delete(name: string) {
      for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        collect();
      }
      return memory.delete(name);
    },
  };
  const store = createModelStore({ storage, checkpointBytes: 16_384, retry: { firstMs: 1 } });
  expect((await store.getFile(url)).bytes).toEqual(modelBytes(60_000));
});

describeFaults('memory', memoryStorage);
describeFaults('a folder', () => folderStorage(pathToFileURL(folder)));
