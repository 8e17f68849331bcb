import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blazeface } from './index.js';
import { manifest } from './manifest.js';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)));

describe('the committed files', () => {
  it.each(Object.values(manifest.files))('$url has the size and digest of the manifest', (file) => {
    const content = read(file.url);
    expect(content.byteLength).toBe(file.bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
  });

  it('has the same manifest in JSON and in TypeScript', () => {
    expect(JSON.parse(read('manifest.json').toString('utf8'))).toEqual(manifest);
  });
});

describe('blazeface', () => {
  it('is the manifest with an address that leads to the file', () => {
    const { model } = blazeface.files;
    expect({ ...blazeface, files: {} }).toEqual({ ...manifest, files: {} });
    expect(model?.url).toMatch(/^file:.*\/model\.onnx$/);
    expect(readFileSync(fileURLToPath(model?.url ?? '')).equals(read('model.onnx'))).toBe(true);
  });
});
