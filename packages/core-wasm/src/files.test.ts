import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { embeddingsFile } from './embeddings';
import * as shipped from './shipped';
import { visionFile } from './vision';

afterEach(() => {
  vi.restoreAllMocks();
});

const builds = Object.entries(shipped).flatMap(([family, files]) =>
  Object.entries(files).map(([build, file]) => [`${family}-${build}`, family, file] as const),
);

test.each(builds)('%s is the committed file, byte for byte', (name, family, { bytes, sha256 }) => {
  const data = readFileSync(new URL(`../${family}/pkg/${name}.wasm`, import.meta.url));
  expect(data.length).toBe(bytes);
  expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
});

test.each([
  ['vision', visionFile, shipped.vision],
  ['embeddings', embeddingsFile, shipped.embeddings],
] as const)('the file of %s is the one with SIMD where there is SIMD', (family, file, { simd, scalar }) => {
  const { url, ...rest } = file();
  expect(rest).toEqual(simd);
  expect(url).toMatch(new RegExp(`/${family}-simd\\.wasm$`));
  expect(readFileSync(fileURLToPath(url))).toHaveLength(rest.bytes);

  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(file()).toMatchObject(scalar);
  expect(file().url).toMatch(new RegExp(`/${family}-scalar\\.wasm$`));
});
