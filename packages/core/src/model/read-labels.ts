import type { PipelineContext } from '../ports/pipeline';

/**
 * Reads a model's labels, by class index, from its manifest or from the JSON file that the manifest names.
 *
 * @throws the error of `refuse` if the labels are missing or not a list.
 */
export async function readLabels(
  { manifest, file }: Pick<PipelineContext, 'manifest' | 'file'>,
  refuse: (reason: string) => Error,
): Promise<readonly string[]> {
  const { labels } = manifest;
  if (labels === undefined) throw refuse('the manifest has no "labels"');
  if (!('file' in labels)) return labels;
  const text = new TextDecoder().decode(await file(labels.file));
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) throw refuse(`the labels in "${labels.file}" must be a JSON array`);
  const other = parsed.findIndex((label) => typeof label !== 'string');
  if (other >= 0) throw refuse(`label ${other} in "${labels.file}" must be a string`);
  return parsed as string[];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
