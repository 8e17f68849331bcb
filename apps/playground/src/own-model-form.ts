import {
  badManifest,
  createStore,
  isHayateError,
  parseManifest,
  type Manifest,
  type ModelFile,
  type Store,
} from '@hayate/core';
import { readImagePreprocess } from '@hayate/vision/worker';
import { problemOf, refusedAddress, unfinishedForm, type Problem } from './error-help';
import { fieldsFor, textOf, type FormField } from './own-model-fields';
import { describeModel, FormMistake } from './own-model-manifest';
import { reachAddress } from './reach-address';
import { taskPages } from './task-pages';

/** The form for a model of one's own. */
export interface OwnModelFormState {
  /** The names of the chosen files. They stay chosen until others are. */
  readonly chosen: string;
  /** The name of the manifest among the files, which takes the place of the fields. */
  readonly manifestName: string | undefined;
  /** Differs where the fields are others, so that they are made anew with their first values. */
  readonly fieldsKey: string;
  readonly fields: readonly FormField[];
  readonly problem: Problem | undefined;
  readonly busy: boolean;
}

/** Makes a manifest of a filled form. */
export interface OwnModelForm extends Store<OwnModelFormState> {
  /** Reads what has been filled in. */
  change(data: FormData): void;
  submit(data: FormData): Promise<void>;
}

/** Makes the form. `onModel` is called with each model that is submitted. */
export function createOwnModelForm(onModel: (model: Manifest) => void): OwnModelForm {
  const { getSnapshot, subscribe, set } = createStore<OwnModelFormState>({
    chosen: '',
    manifestName: undefined,
    ...fieldsFor(undefined),
    problem: undefined,
    busy: false,
  });

  // A file input that is made anew is empty, but a person who comes back to correct a value has chosen the files already.
  let files: readonly File[] = [];

  function change(data: FormData): void {
    const now = filesOf(data);
    if (now.length > 0) files = now;
    const chosen = files.map(({ name }) => name).join(', ');
    // An address goes before files: those of the last submission may be chosen still.
    const manifestName = textOf(data, 'address') === '' ? manifestIn(files)?.name : undefined;
    const { fieldsKey } = getSnapshot();
    set({ ...getSnapshot(), chosen, manifestName, ...fieldsFor(data, fieldsKey), problem: undefined });
  }

  return {
    getSnapshot,
    subscribe,
    change,
    async submit(data) {
      set({ ...getSnapshot(), problem: undefined, busy: true });
      try {
        const now = filesOf(data);
        const model = await readModel(data, now.length > 0 ? now : files);
        checkModel(model);
        set({ ...getSnapshot(), busy: false });
        onModel(model);
      } catch (error) {
        set({ ...getSnapshot(), problem: formProblem(error), busy: false });
      }
    },
  };
}

function checkModel(model: Manifest): void {
  const { id, task, preprocess } = model;
  const tasks = taskPages.map(({ contract }) => contract.name);
  if (!tasks.includes(task)) {
    throw new FormMistake(`“${id}” is for ${task}; there are pages for ${tasks.join(', ')} only.`);
  }
  if (preprocess !== undefined) readImagePreprocess(model, badManifest);
}

async function readModel(data: FormData, files: readonly File[]): Promise<Manifest> {
  const address = textOf(data, 'address');
  if (address !== '') return fromAddress(data, address);
  const graph = files.find((file) => !isJson(file));
  const json = manifestIn(files);
  if (json !== undefined) return fromManifest(await readJson(json.text()), files, location.href);
  if (graph !== undefined) {
    return describeModel(data, { url: fileUrl(graph), blob: graph }, withoutEnding(graph.name));
  }
  throw new FormMistake('Choose an ONNX file, or give its address.');
}

async function fromAddress(data: FormData, address: string): Promise<Manifest> {
  const url = await reachAddress(address);
  const name = url.pathname.split('/').at(-1) ?? url.href;
  if (!name.endsWith('.json')) return describeModel(data, { url: url.href }, withoutEnding(name));
  return fromManifest(await readJson(fetch(url).then((response) => response.text())), [], url.href);
}

/** A manifest whose files are those of the same names in `inHand`; the others are fetched from their addresses. */
function fromManifest(value: unknown, inHand: readonly File[], base: string): Manifest {
  const manifest = parseManifest(value, base);
  const graphs = inHand.filter((file) => !isJson(file));
  const files = Object.entries(manifest.files).map(([name, file]): [string, ModelFile] => {
    const last = new URL(file.url).pathname.split('/').at(-1);
    const only = name === 'model' && graphs.length === 1 ? graphs[0] : undefined;
    const blob = inHand.find((each) => [each.name, encodeURI(each.name)].includes(last ?? '')) ?? only;
    return [name, blob ? { ...file, blob } : file];
  });
  return { ...manifest, files: Object.fromEntries(files) };
}

async function readJson(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text) as unknown;
  } catch {
    throw new FormMistake('The manifest is not JSON.');
  }
}

function formProblem(error: unknown): Problem {
  if (error instanceof FormMistake) return unfinishedForm(error.message);
  if (isHayateError(error)) return problemOf(error, true);
  return refusedAddress(error instanceof Error ? error.message : String(error));
}

// An empty file input has one file without a name.
function filesOf(data: FormData): readonly File[] {
  return data.getAll('files').filter((file): file is File => file instanceof File && file.name !== '');
}

function isJson({ name }: File): boolean {
  return name.toLowerCase().endsWith('.json');
}

/** The manifest among the files. Labels may be JSON too, and come before it in the alphabet. */
function manifestIn(files: readonly File[]): File | undefined {
  const jsons = files.filter(isJson);
  return jsons.find(({ name }) => /manifest/i.test(name)) ?? jsons[0];
}

function fileUrl({ name }: File): string {
  return encodeURIComponent(name);
}

function withoutEnding(name: string): string {
  return name.replace(/\.onnx$/i, '');
}
