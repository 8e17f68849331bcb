import { checkImagePlan } from './check-image-plan';
import { HayateError } from './errors';
import type { ImagePlanSpec } from './kernels';

/** A file of a model. */
export interface ModelFile {
  /** Absolute, or relative to the manifest. With `blob` it is only a name, such as that of the file. */
  readonly url: string;
  readonly bytes?: number;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
  /**
   * The file itself, where it is in hand already, such as a `File` that a person has chosen: nothing is fetched, and
   * nothing is kept. Length and digest are checked where they are given.
   */
  readonly blob?: Blob;
}

/** Pre-processing of a model that looks at pictures. */
export interface ImagePreprocess extends ImagePlanSpec {
  readonly kind: 'image';
}

/** How a graph's outputs are read. What a layout needs beside its name, its task's pipeline says. */
export interface OutputDescription {
  /** The graph's output; its first one when absent. */
  readonly name?: string;
  readonly layout: string;
  /** For layouts of several outputs: the graph's names of those that make each part, in the order they are read. */
  readonly parts?: Readonly<Record<string, readonly string[]>>;
  /** Numbers of the model, such as `strides`, or its own defaults, such as `scoreThreshold`. */
  readonly parameters?: Readonly<Record<string, number | readonly number[]>>;
}

/** The description of a model, format 1. A model's identity is its id and its files' digests. */
export interface Manifest {
  readonly format: 1;
  readonly id: string;
  /** The task's name on the Hugging Face hub, such as `image-classification`. */
  readonly task: string;
  readonly files: Readonly<Record<string, ModelFile>>;
  readonly preprocess?: ImagePreprocess;
  /** The graph's input; its first one when absent. */
  readonly input?: string;
  readonly output: OutputDescription;
  readonly labels?: readonly string[] | { readonly file: string };
  /** Other builds of the same model by name, such as `fp16`; each replaces files. */
  readonly variants?: Readonly<Record<string, { readonly files: Readonly<Record<string, ModelFile>> }>>;
  /** An input and the output it must give, to find a backend that computes wrongly. */
  readonly selfTest?: {
    readonly input: { readonly file: string };
    readonly output: { readonly file: string };
    readonly tolerance: number;
  };
  readonly licence: string;
  readonly source: { readonly name: string; readonly url: string };
  readonly revision: string;
}

/** A manifest, or the address of one. */
export type ModelSource = Manifest | string | URL;

/**
 * What tells one model from another: its id, its files' digests and how it is used, or its address.
 * Labels that stand in the manifest itself are not compared; other labels need another revision.
 */
export function modelKey(model: ModelSource): string {
  if (typeof model === 'string' || model instanceof URL) return String(model);
  const files = Object.entries(model.files).map(
    ([name, { sha256, blob, url }]) => `${name}=${sha256 ?? (blob ? blobKey(blob) : url)}`,
  );
  const use = JSON.stringify([model.task, model.preprocess, model.input, model.output]);
  return [model.id, model.revision, ...files.sort(), use].join('|');
}

const blobNumbers = new WeakMap<Blob, number>();
let lastBlob = 0;

/** Two files of one name may differ, and reading them to find out takes time: each Blob is another model. */
function blobKey(blob: Blob): string {
  const number = blobNumbers.get(blob) ?? ++lastBlob;
  blobNumbers.set(blob, number);
  return `blob ${number}`;
}

/**
 * A model as plain data that can be sent to a worker: an absolute address, or a copy of the manifest with
 * absolute addresses.
 *
 * @throws HayateError `bad-input` for what is no address, `bad-model` for what is no manifest.
 */
export function plainModel(model: ModelSource): Manifest | string {
  if (typeof model !== 'string' && !(model instanceof URL)) {
    const copy = JSON.parse(JSON.stringify(model)) as Manifest;
    // JSON knows no Blobs; they can be sent as they are.
    const files = Object.entries(copy.files ?? {}).map(([name, file]): [string, ModelFile] => {
      const blob = model.files[name]?.blob;
      return [name, blob ? { ...file, blob } : file];
    });
    const whole = copy.files ? { ...copy, files: Object.fromEntries(files) } : copy;
    return parseManifest(whole, typeof location === 'undefined' ? 'file:///' : location.href);
  }
  try {
    return new URL(model, typeof location === 'undefined' ? undefined : location.href).href;
  } catch (cause) {
    const reason = `"${String(model)}" is not an address`;
    throw new HayateError('bad-input', `The model cannot be found: ${reason}.`, { reason }, { cause });
  }
}

/**
 * Checks that `value` is a manifest of format 1 and makes its files' addresses absolute.
 *
 * @throws HayateError `bad-model` that names the field.
 */
export function parseManifest(value: unknown, baseUrl: string): Manifest {
  const manifest = value as Manifest;
  const refuse = (reason: string): never => {
    throw new HayateError('bad-model', `The manifest cannot be used: ${reason}.`, { reason });
  };
  if (typeof value !== 'object' || value === null) return refuse('it is not a JSON object');
  if (manifest.format !== 1) return refuse(`"format" must be 1, not ${JSON.stringify(manifest.format)}`);
  for (const field of ['id', 'task', 'licence', 'revision'] as const) {
    if (typeof manifest[field] !== 'string') refuse(`"${field}" must be a string`);
  }
  checkOutput(manifest.output, refuse);
  if (typeof manifest.files !== 'object' || manifest.files === null) refuse('"files" must be an object');
  const files = Object.fromEntries(
    Object.entries(manifest.files).map(([name, file]) => {
      if (typeof file?.url !== 'string') refuse(`"files.${name}.url" must be a string`);
      if (file.sha256 !== undefined && !/^[0-9a-f]{64}$/.test(file.sha256)) {
        refuse(`"files.${name}.sha256" must be 64 lower-case hexadecimal digits`);
      }
      if (file.bytes !== undefined && !(Number.isInteger(file.bytes) && file.bytes >= 0)) {
        refuse(`"files.${name}.bytes" must be a whole number`);
      }
      if (file.blob !== undefined && !(file.blob instanceof Blob)) {
        refuse(`"files.${name}.blob" must be a Blob`);
      }
      return [name, { ...file, url: absolute(file.url, baseUrl, refuse) }];
    }),
  );
  const { labels, preprocess } = manifest;
  if (labels !== undefined && !Array.isArray(labels)) {
    const file = (labels as { readonly file?: unknown } | null)?.file;
    if (typeof file !== 'string') refuse('"labels" must be a list, or name a file as { "file": … }');
    else if (!(file in files)) refuse(`"labels.file" names "${file}", which is not among "files"`);
  }
  if (preprocess !== undefined) {
    // Every reason begins with the name of a field in quotation marks.
    checkImagePlan(preprocess, (reason) => refuse(reason.replace('"', '"preprocess.')));
  }
  return { ...manifest, files };
}

function checkOutput(output: OutputDescription | undefined, refuse: (reason: string) => never): void {
  const { layout, name = '', parts = {}, parameters = {} } = output ?? {};
  if (typeof layout !== 'string') refuse('"output.layout" must be a string');
  if (typeof name !== 'string') refuse('"output.name" must be a string');
  const each = (field: string, values: object | null, kind: string, isGood: (value: unknown) => boolean) => {
    if (typeof values !== 'object' || values === null) return refuse(`"output.${field}" must be an object`);
    for (const [key, value] of Object.entries(values)) {
      if (!isGood(value)) refuse(`"output.${field}.${key}" must be ${kind}`);
    }
  };
  const list = (value: unknown, isGood: (each: unknown) => boolean) =>
    Array.isArray(value) && value.length > 0 && value.every(isGood);
  each('parts', parts, 'a list of names', (value) => list(value, (each) => typeof each === 'string'));
  each(
    'parameters',
    parameters,
    'a number or a list of numbers',
    (value) => Number.isFinite(value) || list(value, Number.isFinite),
  );
}

function absolute(url: string, baseUrl: string, refuse: (reason: string) => never): string {
  try {
    return new URL(url, baseUrl).href;
  } catch {
    return refuse(`"${url}" is not an address`);
  }
}
