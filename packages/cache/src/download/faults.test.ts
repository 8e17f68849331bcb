import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

describeFaults('memory', memoryStorage);
describeFaults('a folder', () => folderStorage(pathToFileURL(folder)));
