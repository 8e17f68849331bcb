import { createHash } from 'node:crypto';
import { toHex } from '@hayate/core';
import { afterEach, expect, test, vi } from 'vitest';
import { createHasher, fromHex, sha256Hex, sha256OfBlob } from './digest';
import { modelBytes } from './model-bytes.test.helper';

const wasm = vi.hoisted(() => ({ missing: false }));
vi.mock(import('@hayate/core-wasm/sha256'), async (original) => {
  const { loadSha256 } = await original();
  return {
    loadSha256: (options) => (wasm.missing ? Promise.reject(new Error('no wasm')) : loadSha256(options)),
  };
});
afterEach(() => {
  wasm.missing = false;
  vi.unstubAllGlobals();
});

const bytes = modelBytes(300_000);
const expected = createHash('sha256').update(bytes).digest('hex');

test.each([false, true])('hashes in pieces, also without WebAssembly (%s)', async (missing) => {
  wasm.missing = missing;
  const hasher = await createHasher();
  for (let start = 0; start < bytes.length; start += 70_001)
    hasher.update(bytes.subarray(start, start + 70_001));
  expect(hasher.digestHex()).toBe(expected);
  expect(hasher.digestHex()).toBe(expected);
  expect(hasher.save()?.length).toBe(missing ? undefined : 120);
  expect(await sha256OfBlob(new Blob([bytes]))).toBe(expected);
});

test('goes on from a saved state, and not from a wrong one or without WebAssembly', async () => {
  const first = await createHasher();
  first.update(bytes.subarray(0, 1000));
  const state = first.save()!;
  const second = await createHasher(fromHex(toHex(state)));
  second.update(bytes.subarray(1000));
  expect(second.digestHex()).toBe(expected);
  await expect(createHasher(new Uint8Array(120))).rejects.toMatchObject({ code: 'bad-input' });
  wasm.missing = true;
  await expect(createHasher(state)).rejects.toThrow();
});

test('hashes whole messages, also where there is no crypto.subtle', async () => {
  expect(await sha256Hex(bytes)).toBe(expected);
  vi.stubGlobal('crypto', {});
  expect(await sha256Hex(bytes)).toBe(expected);
});
