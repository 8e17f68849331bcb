import { badManifest, type Manifest } from '@hayate/core';
import { object, oneOf, refine, type SchemaType } from '@hayate/core/schema';
import { imagePlanFields, imagePlanProblem } from '@hayate/core-wasm/vision';

const imagePreprocess = refine(object({ kind: oneOf('image'), ...imagePlanFields }), imagePlanProblem);

/** A manifest's `preprocess` of a model that looks at pictures: an image plan. */
export type ImagePreprocess = SchemaType<typeof imagePreprocess>;

/**
 * The manifest's `preprocess`, checked.
 *
 * @throws HayateError `bad-model` that names the field; what `refuse` makes where there is none.
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
