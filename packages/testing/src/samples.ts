import references from '../../../samples/references.json';

/** One label of the Python reference. */
export interface ReferenceLabel {
  readonly index: number;
  readonly label: string;
  readonly score: number;
}

/** The result of Python (Pillow and onnxruntime) for a sample photo. */
export interface Reference {
  /** False if decoders legitimately differ; undefined if the file is not an image. */
  readonly exact?: boolean;
  readonly top5?: readonly ReferenceLabel[];
  /** Why there is no result. */
  readonly error?: string;
}

/** The references by the photo's path below `samples/`. */
export const sampleReferences: Readonly<Record<string, Reference>> = references.files;

/** The address of a sample photo, for `fetch` in a browser test or `readFile` in Node. */
export function sampleUrl(name: string): string {
  // In two steps, because Vite treats a template inside `new URL` as a pattern.
  const folder = new URL('../../../samples/references.json', import.meta.url);
  return new URL(name, folder).href;
}
