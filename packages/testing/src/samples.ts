import references from '../../../samples/references.json';

/** One label of the Python reference. */
export interface ReferenceLabel {
  readonly index: number;
  readonly label: string;
  readonly score: number;
}

/** What Python (Pillow and onnxruntime) gives for a sample photo. */
export interface Reference {
  /** False where decoders legitimately differ; absent for what is no image. */
  readonly exact?: boolean;
  readonly top5?: readonly ReferenceLabel[];
  /** Why there is no answer. */
  readonly error?: string;
}

/** The references by the photo's path below `samples/`. */
export const sampleReferences: Readonly<Record<string, Reference>> = references.files;

/** The address of a sample photo, for `fetch` in a browser test or `readFile` in Node. */
export function sampleUrl(name: string): string {
  // Two steps: a template inside `new URL` would be taken for a pattern by Vite.
  const folder = new URL('../../../samples/references.json', import.meta.url);
  return new URL(name, folder).href;
}
