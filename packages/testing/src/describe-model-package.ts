import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseManifest, type Manifest } from '@hayate/core';
import { describe, expect, test } from 'vitest';

/** What {@link describeModelPackage} checks beside the files. */
export interface ModelPackageFacts {
  /** The number of the model's labels, if they are a file. */
  readonly labelCount?: number;
  /** Checks the manifest's `preprocess`, as the pipelines of its modality do. */
  readonly readPreprocess: (manifest: Manifest, refuse: (reason: string) => Error) => unknown;
}

/**
 * Tests the contract of a model's package: its committed files have the digests of its manifest, and its export `model` is
 * that manifest with the files' addresses. `folder` is the package's folder.
 */
export function describeModelPackage(
  folder: URL,
  model: Manifest,
  { labelCount, readPreprocess }: ModelPackageFacts,
): void {
  const read = (name: string) => readFileSync(new URL(name, folder));
  const manifest = JSON.parse(read('manifest.json').toString('utf8')) as Manifest;

  describe(model.id, () => {
    test.each(Object.entries(manifest.files))(
      'its file "%s" has the length and digest of the manifest',
      (name, file) => {
        const content = read(file.url);
        expect(content.byteLength).toBe(file.bytes);
        expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
        const { url } = model.files[name] ?? {};
        expect(url).toMatch(/^file:/);
        expect(readFileSync(fileURLToPath(url!)).equals(content)).toBe(true);
      },
    );

    test('exports its manifest with other addresses', () => {
      expect({ ...model, files: {} }).toEqual({ ...manifest, files: {} });
      expect(Object.keys(model.files)).toEqual(Object.keys(manifest.files));
    });

    test('has a valid manifest', () => {
      expect(model).toEqual(parseManifest(manifest, folder.href));
      readPreprocess(model, (reason) => new Error(reason));
    });

    if (labelCount === undefined) return;
    test('has its labels, all different', () => {
      const labels = JSON.parse(read('labels.json').toString('utf8')) as readonly string[];
      expect(new Set(labels).size).toBe(labelCount);
      expect(labels).toHaveLength(labelCount);
    });
  });
}
