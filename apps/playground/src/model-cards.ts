import type { Manifest } from '@hayate/core';
import type { ImagePreprocess } from '@hayate/vision/worker';
import { modelBytes, type HeldModel } from './engine';
import { formatBytes } from './format';
import { keptOf, type KeptState } from './kept-files';
import { taskPages } from './task-pages';
import type { AnyTaskPage } from './task-page';

/** One model on the page of models. */
export interface ModelCard {
  readonly model: Manifest;
  readonly id: string;
  readonly isOwn: boolean;
  readonly page: AnyTaskPage | undefined;
  /** What it is and how it is fed, as terms with their words. */
  readonly facts: readonly (readonly [term: string, words: string])[];
  readonly sourceUrl: string | undefined;
  /** What the browser keeps of it, in words. */
  readonly kept: string;
  readonly isKept: boolean;
  /** Whether it stays when the browser needs room. */
  readonly isPinned: boolean;
  /** What the engine holds of it, in words. */
  readonly held: string;
  readonly isHeld: boolean;
}

/** All models of all pages, and those that a person has brought. */
export function modelCards(
  own: readonly Manifest[],
  keptState: KeptState,
  heldModels: readonly HeldModel[],
): readonly ModelCard[] {
  return [...taskPages.flatMap(({ models }) => models), ...own].map((model) => {
    const kept = keptOf(keptState, model);
    const held = heldModels.find((each) => each.model === model);
    const isOwn = own.includes(model);
    return {
      model,
      id: model.id,
      isOwn,
      page: taskPages.find(({ contract }) => contract.name === model.task),
      facts: facts(model),
      sourceUrl: /^https?:\S+/.exec(model.source.url)?.[0],
      kept: keptWords(keptState, model, kept),
      isKept: kept.length > 0,
      isPinned: kept.some(({ pinned }) => pinned),
      held:
        held === undefined
          ? 'Not loaded'
          : `Loaded, on ${held.backend}${held.threads > 1 ? ` with ${held.threads} threads` : ''}`,
      isHeld: held !== undefined,
    };
  });
}

/** What the engine holds, in one sentence. */
export function heldWords(heldModels: readonly HeldModel[], memoryBytes: number): string {
  const models = heldModels.length === 1 ? '1 model' : `${heldModels.length || 'no'} models`;
  const memory = memoryBytes > 0 ? `, in ${formatBytes(memoryBytes)} of WebAssembly memory` : '';
  return `The engine holds ${models}${memory}.`;
}

function keptWords(
  { entries, refused }: KeptState,
  model: Manifest,
  kept: readonly { readonly bytes: number; readonly usedAt: number }[],
): string {
  if (refused !== undefined) return `The browser does not tell: ${refused}`;
  if (entries === undefined) return 'Looking';
  if (model.files['model']?.blob !== undefined) return 'Your own file, never kept';
  if (kept.length === 0) return 'Not kept';
  const bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
  const usedAt = new Date(Math.max(...kept.map((file) => file.usedAt)));
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
    ['Input', preprocess === undefined ? 'not told' : inputWords(preprocess)],
    ['Numerics', preprocess === undefined ? 'not told' : numericsWords(preprocess)],
    ['Output', output.layout],
    ['Revision', revision],
  ];
}

function inputWords({ fit, layout, channels = 'rgb', type = 'float32' }: ImagePreprocess): string {
  const { width, height } = fit.kind === 'shorter-side-crop' ? fit.crop : fit;
  const kind = {
    stretch: 'stretched',
    letterbox: 'letterboxed',
    'shorter-side-crop': 'centre crop',
    affine: 'cut out',
  }[fit.kind];
  return `${width} × ${height}, ${kind}, ${layout.toUpperCase()}, ${channels.toUpperCase()}, ${type}`;
}

function numericsWords({ filter, numerics = 'pillow', fit }: ImagePreprocess): string {
  if (fit.kind === 'letterbox' && fit.convention === 'mediapipe') return 'bilinear, as MediaPipe';
  return `${filter}, as ${numerics === 'pillow' ? 'Pillow' : 'OpenCV'}`;
}
