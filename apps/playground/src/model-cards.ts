import { modelKey, type Manifest } from '@hayate/core';
import type { ImagePreprocess } from '@hayate/vision/worker';
import type { LoadedModelInfo } from '@hayate/worker';
import type { App } from './app';
import { modelBytes } from './engine';
import { formatBytes } from './format';
import { storedOf, type StoredFilesState } from './stored-files';
import { taskPages } from './task-pages';
import type { AnyTaskPage } from './task-page';

/** One model on the page of models. */
export interface ModelCard {
  readonly model: Manifest;
  readonly id: string;
  readonly isOwn: boolean;
  readonly page: AnyTaskPage | undefined;
  /** What the model is and what input it takes, as terms with their texts. */
  readonly facts: readonly (readonly [term: string, text: string])[];
  readonly sourceUrl: string | undefined;
  /** What the browser keeps of it, as a text. */
  readonly stored: string;
  readonly isStored: boolean;
  /** Whether it stays when the browser needs room. */
  readonly isPinned: boolean;
  /** Whether it is loaded, and where it runs, as a text. */
  readonly loaded: string;
  readonly isLoaded: boolean;
}

/** The models of all pages, then those that a person has brought. */
export function modelCards(
  own: readonly Manifest[],
  storedState: StoredFilesState,
  loadedModels: readonly LoadedModelInfo[],
): readonly ModelCard[] {
  return [...taskPages.flatMap(({ models }) => models), ...own].map((model) => {
    const stored = storedOf(storedState, model);
    const key = modelKey(model);
    const loaded = loadedModels.find((each) => each.task === model.task && each.key === key);
    return {
      model,
      id: model.id,
      isOwn: own.includes(model),
      page: taskPages.find(({ contract }) => contract.name === model.task),
      facts: facts(model),
      sourceUrl: /^https?:\S+/.exec(model.source.url)?.[0],
      stored: describeStored(storedState, model, stored),
      isStored: stored.length > 0,
      isPinned: stored.some(({ pinned }) => pinned),
      loaded: loaded === undefined ? 'Not loaded' : describePlacement(loaded),
      isLoaded: loaded !== undefined,
    };
  });
}

/** A button of a model's card. */
export interface CardAction {
  readonly name: string;
  readonly title: string;
  act(): void;
}

/** What can be done with the files and the model of a card. */
export function cardActions({ model, isStored, isOwn }: ModelCard, app: App): readonly CardAction[] {
  const { storedFiles } = app;
  return [
    ...(isStored
      ? [
          { name: 'verify-kept', title: 'Check', act: () => void storedFiles.verify(model) },
          {
            name: 'remove-kept',
            title: 'Remove from the browser',
            act: () => void storedFiles.remove(model),
          },
        ]
      : []),
    ...(isOwn
      ? [
          {
            name: 'remove-own',
            title: 'Remove from this page',
            act: () => {
              app.removeModel(model);
            },
          },
        ]
      : []),
  ];
}

/** Describes in one sentence how many models the engine holds. */
export function describeLoadedModels(models: readonly LoadedModelInfo[], memoryBytes: number): string {
  const count = models.length === 1 ? '1 model' : `${models.length || 'no'} models`;
  const memory = memoryBytes > 0 ? `, in ${formatBytes(memoryBytes)} of WebAssembly memory` : '';
  return `The engine holds ${count}${memory}.`;
}

function describePlacement({ placement: { backend, threads } }: LoadedModelInfo): string {
  return `Loaded, on ${backend}${threads > 1 ? ` with ${threads} threads` : ''}`;
}

function describeStored(
  { entries, refused }: StoredFilesState,
  model: Manifest,
  stored: readonly { readonly bytes: number; readonly usedAt: number }[],
): string {
  if (refused !== undefined) return `The browser does not tell: ${refused}`;
  if (entries === undefined) return 'Looking';
  if (model.files['model']?.blob !== undefined) return 'Your own file, never kept';
  if (stored.length === 0) return 'Not kept';
  const bytes = stored.reduce((sum, file) => sum + file.bytes, 0);
  const usedAt = new Date(Math.max(...stored.map((file) => file.usedAt)));
  return `Kept, ${formatBytes(bytes)}, last used ${usedAt.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}`;
}

function facts(model: Manifest): ModelCard['facts'] {
  const { task, licence, source, output, revision } = model;
  // Checked where a model comes in.
  const preprocess = model.preprocess as ImagePreprocess | undefined;
  const bytes = modelBytes(model);
  return [
    ['Task', task],
    ['Size', bytes === undefined ? 'not told' : formatBytes(bytes)],
    ['Licence', licence],
    ['Source', source.name],
    ['Input', preprocess === undefined ? 'not told' : describeInput(preprocess)],
    ['Numerics', preprocess === undefined ? 'not told' : describeNumerics(preprocess)],
    ['Output', output.layout],
    ['Revision', revision],
  ];
}

function describeInput({ fit, layout, channels = 'rgb', type = 'float32' }: ImagePreprocess): string {
  const { width, height } = fit.kind === 'shorter-side-crop' ? fit.crop : fit;
  const kind = {
    stretch: 'stretched',
    letterbox: 'letterboxed',
    'shorter-side-crop': 'centre crop',
    affine: 'cut out',
  }[fit.kind];
  return `${width} × ${height}, ${kind}, ${layout.toUpperCase()}, ${channels.toUpperCase()}, ${type}`;
}

function describeNumerics({ filter, numerics = 'pillow', fit }: ImagePreprocess): string {
  if (fit.kind === 'letterbox' && fit.convention === 'mediapipe') return 'bilinear, as MediaPipe';
  return `${filter}, as ${numerics === 'pillow' ? 'Pillow' : 'OpenCV'}`;
}
