import { badManifest, type Manifest } from '@hayate/core';
import { object, oneOf, refine, type SchemaType } from '@hayate/core/schema';
import { imagePlanFields, imagePlanProblem } from '@hayate/core-wasm/vision';

const imagePreprocess = refine(object({ kind: oneOf('image'), ...imagePlanFields }), imagePlanProblem);

/** The `preprocess` of a manifest for pictures: an image plan. */
export type ImagePreprocess = SchemaType<typeof imagePreprocess>;

/**
 * Reads and checks the manifest's `preprocess`.
 *
 * @throws HayateError `bad-model` that names the field; if there is no `preprocess`, the error of `refuse`.
 */
export function readImagePreprocess(
  { preprocess }: Pick<Manifest, 'preprocess'>,
  refuse: (reason: string) => Error,
): ImagePreprocess {
  if (preprocess === undefined) throw refuse('the manifest has no "preprocess"');
  const problem = imagePreprocess.check(preprocess, 'preprocess');
  if (problem !== undefined) throw badManifest(problem);
  return preprocess as unknown as ImagePreprocess;
}
