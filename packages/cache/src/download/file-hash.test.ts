import { expect, test } from 'vitest';
import { sha256Hex } from '../digest';
import { modelBytes } from '../model-bytes.test.helper';
import { createFileHash } from './file-hash';

const file = modelBytes(1000);
const digest = await sha256Hex(file);

test('hashes a short file at once, and a longer one from its first part on', async () => {
  const short = createFileHash();
  short.update(file);
  expect(short.save()).toBeUndefined();
  expect(await short.digest(file)).toBe(digest);
  const long = createFileHash();
  await long.begin(file.subarray(0, 400));
  await long.begin(file.subarray(0, 400));
  long.update(file.subarray(400));
  expect(await long.digest(new Uint8Array())).toBe(digest);
  long.reset();
  expect(await long.digest(file)).toBe(digest);
});

test('continues from a saved state, and rejects what is none', async () => {
  const before = createFileHash();
  await before.begin(file.subarray(0, 400));
  const after = createFileHash();
  await after.resume(before.save()!);
  after.update(file.subarray(400));
  expect(await after.digest(new Uint8Array())).toBe(digest);
  await expect(createFileHash().resume('00')).rejects.toThrow();
});
