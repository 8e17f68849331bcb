import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { kernelsFile } from './files';
import { SHIPPED } from './shipped';

test.each(Object.entries(SHIPPED))('%s is the committed file, byte for byte', (name, { bytes, sha256 }) => {
  const data = readFileSync(new URL(`../pkg/${name}.wasm`, import.meta.url));
  expect(data.length).toBe(bytes);
  expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
});

test('kernelsFile is the one with SIMD where there is SIMD', () => {
  const { url, ...file } = kernelsFile();
  expect(file).toEqual(SHIPPED['kernels-simd']);
  expect(readFileSync(fileURLToPath(url))).toHaveLength(file.bytes);
});
