import { HayateError } from '../errors';
import {
  define,
  either,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  string,
  when,
  type SchemaType,
} from './schema';

const digest = /* @__PURE__ */ when<string>(
  '64 lower-case hexadecimal digits',
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);
const names = /* @__PURE__ */ list(string, 'a list of names');

const file = /* @__PURE__ */ define(() =>
  object({
    /** The file's address, absolute or relative to the manifest. With `blob` it is only a name. */
    url: string,
    bytes: optional(integer(0)),
    /** The SHA-256. */
    sha256: optional(digest),
    /**
     * The file itself, if the page has it already, such as a `File` that a person has chosen: nothing is fetched or
     * stored. Length and digest are checked if they are given.
     */
    blob: optional(when<Blob>('a Blob', (value) => value instanceof Blob)),
    /** For a graph with external data: by the location that the graph names, the file's name in `files`. */
    externalData: optional(record(string)),
  }),
);

/** How a graph's outputs are read. The task's pipeline says what each layout needs. */
const output = /* @__PURE__ */ define(() =>
  object({
    layout: string,
    /** The name of the graph's output. @defaultValue the graph's first output */
    name: optional(string),
    /** For layouts with several outputs: for each part, the names of the graph's outputs, in reading order. */
    parts: optional(record(names)),
    /** Numbers that the layout needs, such as `strides`, and the model's defaults of options, such as `scoreThreshold`. */
    parameters: optional(
      record(either(number, list(number, 'a list of numbers'), 'a number or a list of numbers')),
    ),
  }),
);

const manifest = /* @__PURE__ */ define(() =>
  object({
    format: oneOf(1),
    id: string,
    /** The task's name on the Hugging Face hub, such as `image-classification`. */
    task: string,
    files: record(file),
    /** How an input becomes the graph's tensor. `kind` is the modality, such as `image`; its package checks the other fields. */
    preprocess: optional(
      when<{ readonly kind: string; readonly [field: string]: unknown }>(
        'an object with a "kind"',
        (value) => typeof (value as { readonly kind?: unknown } | null)?.kind === 'string',
      ),
    ),
    /** The name of the graph's input. @defaultValue the graph's first input */
    input: optional(string),
    output,
    labels: optional(
      either(
        list(string, 'labels'),
        object({ file: string }),
        'a list of strings, or name a file as { "file": … }',
      ),
    ),
    /** Settings of the inference runtime that the model needs: for ONNX Runtime, entries of its session's configuration. */
    session: optional(object({ config: optional(record(string)) })),
    licence: string,
    source: object({ name: string, url: string }),
    revision: string,
  }),
);

/** A file of a model. */
export type ModelFile = SchemaType<typeof file>;
/** How a graph's outputs are read. */
export type OutputDescription = SchemaType<typeof output>;
/** The description of a model, format 1. */
export type Manifest = SchemaType<typeof manifest>;

/** A manifest, the address of a manifest, or an address that a resolver of the engine knows. */
export type ModelSource = Manifest | string | URL;

/**
 * The identity of a model: its address, or its id, its files' digests, and the fields that say how it is used, labels
 * included. Never throws: a value that is not a manifest is refused when it is loaded.
 */
export function modelKey(model: ModelSource): string {
  if (typeof model === 'string' || model instanceof URL) return String(model);
  const files = Object.entries(model.files ?? {}).map(
    ([name, { sha256, blob, url }]) => `${name}=${sha256 ?? (blob ? blobKey(blob) : url)}`,
  );
  const { task, preprocess, input, output: read, session, labels } = model;
  const use = JSON.stringify([task, preprocess, input, read, session, labels]);
  return [model.id, model.revision, ...files.sort(), use].join('|');
}

const blobNumbers = new WeakMap<Blob, number>();
let lastBlob = 0;

/** A number for each Blob: two files of one name may differ, and comparing their bytes would take time. */
function blobKey(blob: Blob): string {
  const known = blobNumbers.get(blob) ?? ++lastBlob;
  blobNumbers.set(blob, known);
  return `blob ${known}`;
}

/**
 * Converts a model to plain data that can be sent to a worker: an absolute address, or a copy of the manifest with
 * absolute addresses. {@link parseManifest} checks the manifest where it is loaded.
 *
 * @throws HayateError `bad-input` if the address is not valid.
 */
export function plainModel(model: ModelSource): Manifest | string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  if (typeof model !== 'string' && !(model instanceof URL)) {
    const copy = JSON.parse(JSON.stringify(model)) as Manifest;
    const files = Object.entries(copy.files ?? {}).map(([name, file]): [string, ModelFile] => {
      // JSON drops Blobs. `postMessage` can send them as they are.
      const blob = model.files[name]?.blob;
      return [name, { ...file, url: resolved(file?.url, base), ...(blob && { blob }) }];
    });
    return copy.files ? { ...copy, files: Object.fromEntries(files) } : copy;
  }
  try {
    return new URL(model, base).href;
  } catch (cause) {
    const reason = `"${String(model)}" is not an address`;
    throw new HayateError('bad-input', `The model cannot be found: ${reason}.`, { reason }, { cause });
  }
}

/** Makes an address absolute. Returns an invalid address unchanged, for `parseManifest` to report. */
function resolved(url: string, base: string | undefined): string {
  try {
    return typeof url === 'string' ? new URL(url, base).href : url;
  } catch {
    return url;
  }
}

/**
 * Checks that `value` is a manifest of format 1 and makes its files' addresses absolute. `localFiles` says whether it may
 * name local files; by default only a manifest whose `baseUrl` is a `file:` address may.
 *
 * @throws HayateError `bad-model` that names the field.
 */
export function parseManifest(
  value: unknown,
  baseUrl: string,
  localFiles = baseUrl.startsWith('file:'),
): Manifest {
  const problem = manifest.check(value, '');
  if (problem !== undefined) throw badManifest(problem);
  const { files, ...rest } = value as Manifest;
  const located = Object.entries(files).map(([name, each]) => {
    const url = absolute(each.url, baseUrl);
    // Browsers refuse this too. In Node, a manifest from the network could otherwise read any file of the machine.
    if (url.startsWith('file:') && !localFiles) {
      throw badManifest(`"files.${name}.url" is a local file, which only a local manifest may name`);
    }
    return [name, { ...each, url }];
  });
  checkNames(value as Manifest);
  return { ...rest, files: Object.fromEntries(located) as Manifest['files'] };
}

/** Throws `bad-model` if the manifest refers to a file that is not in `files`. */
function checkNames({ files, labels }: Manifest): void {
  const wanted = Object.entries(files).flatMap(([name, { externalData = {} }]) =>
    Object.entries(externalData).map(([location, file]) => [`files.${name}.externalData.${location}`, file]),
  );
  if (labels !== undefined && 'file' in labels) wanted.push(['labels.file', labels.file]);
  const missing = wanted.find(([, file]) => !Object.hasOwn(files, file ?? ''));
  if (missing) throw badManifest(`"${missing[0]}" names "${missing[1]}", which is not among "files"`);
}

/** The error for a manifest that cannot be used. */
export function badManifest(reason: string, cause?: unknown): HayateError<'bad-model'> {
  return new HayateError('bad-model', `The manifest cannot be used: ${reason}.`, { reason }, { cause });
}

function absolute(url: string, baseUrl: string): string {
  try {
    return new URL(url, baseUrl).href;
  } catch (cause) {
    throw badManifest(`"${url}" is not an address`, cause);
  }
}
