import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '@hayate/core';
import { describe, expect, test } from 'vitest';

/**
 * The contract of a data package: its committed files are those of its manifest, and what it exports leads to them.
 * `folder` is the package's, `manifest` the one in TypeScript, `labelCount` the number of its labels if they are a file.
 */
export function describeModelPackage(
  folder: URL,
  model: Manifest,
  manifest: Manifest,
  labelCount?: number,
): void {
  const read = (name: string) => readFileSync(new URL(name, folder));

  describe(model.id, () => {
    test.each(Object.entries(manifest.files))('its file "%s" is the one of the manifest', (name, file) => {
      const content = read(file.url);
      expect(content.byteLength).toBe(file.bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
      const { url } = model.files[name] ?? {};
      expect(url).toMatch(/^file:/);
      expect(readFileSync(fileURLToPath(url!)).equals(content)).toBe(true);
    });

    test('is its manifest, the same in JSON and in TypeScript, with other addresses', () => {
      expect(JSON.parse(read('manifest.json').toString('utf8'))).toEqual(manifest);
      expect({ ...model, files: {} }).toEqual({ ...manifest, files: {} });
      expect(Object.keys(model.files)).toEqual(Object.keys(manifest.files));
    });

    if (labelCount === undefined) return;
    test('has its labels, all different', () => {
      const labels = JSON.parse(read('labels.json').toString('utf8')) as readonly string[];
      expect(new Set(labels).size).toBe(labelCount);
      expect(labels).toHaveLength(labelCount);
    });
  });
}
