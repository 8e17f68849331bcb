import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeStorage } from '@hayate/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderStorage } from './folder';
import { FOREIGN_NAMES, useStore } from './foreign-files.test.helper';
import { memoryStorage } from './memory';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hayate-storage-'));
});
afterAll(() => rm(folder, { recursive: true }));

describeStorage('memory', memoryStorage);
describeStorage('a folder', () => folderStorage(pathToFileURL(join(folder, 'made on demand'))));

test('a store leaves the files of others in its folder alone', async () => {
  const shared = join(folder, 'shared');
  await mkdir(join(shared, 'drafts.d'), { recursive: true });
  for (const name of FOREIGN_NAMES) await writeFile(join(shared, name), name);
  await useStore(folderStorage(pathToFileURL(shared)));
  expect((await readdir(shared)).sort()).toEqual([...FOREIGN_NAMES, 'drafts.d'].sort());
  for (const name of FOREIGN_NAMES) expect(await readFile(join(shared, name), 'utf8')).toBe(name);
});
