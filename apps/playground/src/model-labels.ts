import { createModelStore } from '@hayate/cache';
import type { Manifest } from '@hayate/core';

/** The labels of a model, also from its file. None where they cannot be had: what runs the model says why. */
export async function readModelLabels({ labels, files }: Manifest): Promise<readonly string[]> {
  if (labels === undefined) return [];
  if (!('file' in labels)) return labels;
  const file = files[labels.file];
  if (file === undefined) return [];
  const { url, blob, ...expected } = file;
  try {
    const text = blob
      ? await blob.text()
      : new TextDecoder().decode((await createModelStore().getFile(url, expected)).bytes);
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}
