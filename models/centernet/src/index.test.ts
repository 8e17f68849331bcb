import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { centernet } from './index.js';
import { manifest } from './manifest.js';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)));

describe('the committed files', () => {
  it.each(Object.values(manifest.files))('$url has the size and digest of the manifest', (file) => {
    const content = read(file.url);
    expect(content.byteLength).toBe(file.bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
  });

  it('has 80 labels, all different', () => {
    const labels = JSON.parse(read('labels.json').toString('utf8')) as string[];
    expect(labels).toHaveLength(80);
    expect(new Set(labels).size).toBe(80);
  });

  it('has the same manifest in JSON and in TypeScript', () => {
    expect(JSON.parse(read('manifest.json').toString('utf8'))).toEqual(manifest);
  });
});

describe('centernet', () => {
  it('is the manifest with addresses that lead to the files', () => {
    const { model, labels } = centernet.files;
    expect({ ...centernet, files: {} }).toEqual({ ...manifest, files: {} });
    for (const [file, name] of [
      [model, 'model.onnx'],
      [labels, 'labels.json'],
    ] as const) {
      expect(file?.url).toMatch(new RegExp(`^file:.*/${name}$`));
      expect(readFileSync(fileURLToPath(file?.url ?? '')).equals(read(name))).toBe(true);
    }
  });
});
