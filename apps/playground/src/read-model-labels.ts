import { createModelStore } from '@hayate/cache';
import { badManifest, readLabels, type Manifest } from '@hayate/core';

/** The labels of a model; none where they cannot be read, for the task that loads the model reports why. */
export async function readModelLabels(manifest: Manifest): Promise<readonly string[]> {
  try {
    return await readLabels({ manifest, file: (name) => readFile(manifest, name) }, badManifest);
  } catch {
    return [];
  }
}

/** A file of a model: from the person, or through the store. */
async function readFile({ files }: Manifest, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = files[name];
  if (file === undefined) throw badManifest(`there is no file "${name}"`);
  const { url, blob, ...expected } = file;
  if (blob) return new Uint8Array(await blob.arrayBuffer());
  return (await createModelStore().getFile(url, expected)).bytes;
}
