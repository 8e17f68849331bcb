import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeStorage } from '@hayate/testing';
import { afterAll, beforeAll } from 'vitest';
import { folderStorage } from './folder';
import { memoryStorage } from './memory';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hayate-storage-'));
});
afterAll(() => rm(folder, { recursive: true }));

describeStorage('memory', memoryStorage);
describeStorage('a folder', () => folderStorage(pathToFileURL(join(folder, 'made on demand'))));
