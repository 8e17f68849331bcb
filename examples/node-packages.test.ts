import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import sharp from 'sharp';
import { fetchTwice } from './store';
import { toTensor } from './kernels';

test('only the kernels: a photo becomes a tensor of the size of the model’s input', async () => {
  const file = new URL('../samples/chelsea.png', import.meta.url);
  const { data, info } = await sharp(await readFile(file))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const tensor = await toTensor(new Uint8ClampedArray(data), info.width, info.height);
  expect(tensor).toHaveLength(3 * 224 * 224);
  expect(tensor.every(Number.isFinite)).toBe(true);
});

test('only the store: a file: address in Node, verified', async () => {
  const file = new URL('../samples/chelsea.png', import.meta.url);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  expect(await fetchTwice(file.href, sha256)).toMatchObject({
    first: 'network',
    second: 'network',
    files: [],
  });
});

test('every program has at most 15 lines of code', async () => {
  const programs = (await readdir(new URL('.', import.meta.url))).filter(
    (name) => /^[\w.-]+\.tsx?$/.test(name) && !name.includes('.test.'),
  );
  expect(programs).toContain('live.ts');
  for (const name of programs) {
    const text = await readFile(new URL(name, import.meta.url), 'utf8');
    const code = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*\/[/*]/.test(line));
    expect(code.length, name).toBeLessThanOrEqual(15);
  }
});

test('importing any package does nothing and does not throw, as on a server', async () => {
  const before = Object.keys(globalThis);
  const names = [
    'core',
    'core/live',
    'core-wasm/vision',
    'core-wasm/embeddings',
    'core-wasm/sha256',
    'runtime',
    'cache',
    'vision',
    'vision/worker',
    'vision/pipelines/image-classification',
    'worker',
    'worker/host',
    'react',
    'vue',
  ];
  for (const name of names) await import(`@hayate/${name}`);
  // Vue's development build sets three globals of its own.
  const ours = Object.keys(globalThis).filter((key) => !key.startsWith('__VUE'));
  expect(ours).toEqual(before);
});
