import { parseManifest, type Manifest, type ModelFile } from '@hayate/core';
import type { ImagePreprocess } from '@hayate/vision/worker';
import { readChoices, textOf } from './own-model-fields';
import type { LayoutPreset } from './own-model-layouts';
import { taskPages } from './task-pages';

/** A mistake in the form. The message is shown to the person. */
export class FormMistake extends Error {}

/** The manifest of a model that a person has described in the form. */
export function describeModel(data: FormData, model: ModelFile, name: string): Manifest {
  const { task, layout, preset } = readChoices(data);
  const parts = Object.keys(preset.parts ?? {}).flatMap((part) => {
    const names = textOf(data, `part-${part}`)
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
    return names.length === 0 ? [] : [[part, names] as const];
  });
  const labels = readLabels(data, preset);
  const manifest: Manifest = {
    format: 1,
    id: name,
    task,
    files: { model, ...labels.files },
    preprocess: readPreprocess(data),
    output: { layout, ...(parts.length > 0 && { parts: Object.fromEntries(parts) }) },
    ...(labels.labels && { labels: labels.labels }),
    licence: 'your own',
    source: { name: 'chosen on this page', url: '' },
    revision: 'your own',
  };
  return parseManifest(manifest, location.href);
}

function readPreprocess(data: FormData): ImagePreprocess {
  const [width, height] = [Number(data.get('width')), Number(data.get('height'))];
  const channels = data.get('channels') === 'bgr' ? 'bgr' : 'rgb';
  const fit = textOf(data, 'fit');
  const values = numbersOf(textOf(data, 'normalisation'));
  const order = (rgb: readonly [number, number, number]): [number, number, number] =>
    channels === 'bgr' ? [rgb[2], rgb[1], rgb[0]] : [...rgb];
  return {
    kind: 'image',
    fit: readFit(fit, width, height),
    filter: 'bilinear',
    layout: data.get('tensor') === 'nhwc' ? 'nhwc' : 'nchw',
    channels,
    mean: order(values.mean),
    std: order(values.std),
  };
}

function readFit(fit: string, width: number, height: number): ImagePreprocess['fit'] {
  if (fit === 'crop') {
    return {
      kind: 'shorter-side-crop',
      shorterSide: Math.round((Math.max(width, height) * 8) / 7),
      crop: { width, height },
    };
  }
  if (fit === 'yolo' || fit === 'yolox' || fit === 'mediapipe') {
    return { kind: 'letterbox', width, height, convention: fit, ...(fit === 'yolo' && { pad: 114 }) };
  }
  return { kind: 'stretch', width, height };
}

type Triple = readonly [number, number, number];

function numbersOf(normalisation: string): { readonly mean: Triple; readonly std: Triple } {
  switch (normalisation) {
    case 'imagenet':
      return { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    case 'signed':
      return { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    case 'bytes':
      return { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
    default:
      return { mean: [0, 0, 0], std: [1, 1, 1] };
  }
}

function readLabels(
  data: FormData,
  { labels: otherwise }: LayoutPreset,
): { readonly labels?: NonNullable<Manifest['labels']>; readonly files?: Manifest['files'] } {
  if (otherwise === undefined) return {};
  switch (data.get('labels')) {
    case 'numbers': {
      const count = Number(data.get('labelCount'));
      if (!Number.isInteger(count) || count < 1) throw new FormMistake('Say how many labels there are.');
      return { labels: Array.from({ length: count }, (_, index) => String(index)) };
    }
    case 'lines': {
      const lines = textOf(data, 'labelLines')
        .split('\n')
        .map((line) => line.trim());
      const labels = lines.filter(Boolean);
      if (labels.length === 0)
        throw new FormMistake('Paste the labels, one a line, in the order of the model.');
      return { labels };
    }
    case 'imagenet':
      return labelsOf('image-classification');
    default:
      return labelsOf('object-detection');
  }
}

/** The labels of the page's own model for a task: ImageNet's and COCO's. */
function labelsOf(task: string): ReturnType<typeof readLabels> {
  const model = taskPages.find(({ contract }) => contract.name === task)?.models[0];
  const labels = model?.labels;
  if (model === undefined || labels === undefined) return {};
  if (!('file' in labels)) return { labels };
  const file = model.files[labels.file];
  return file === undefined ? {} : { labels: { file: 'labels' }, files: { labels: file } };
}
