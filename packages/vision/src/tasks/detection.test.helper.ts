import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createTensor,
  type AnyTensor,
  type Manifest,
  type PipelineContext,
  type Session,
  type TensorInfo,
} from '@hayate/core';
import { type PixelRegion } from '@hayate/core-wasm/vision';
import { type Pixels } from '../image';
import type { DetectedFace } from '@hayate/vision/tasks/face-detection';
import type { DetectedObject } from '@hayate/vision/tasks/object-detection';
import { loadSession } from '@hayate/runtime';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { DecodeImage } from '../image';

/** Decodes as the Python references do: the EXIF orientation is not applied. */
export const decodeWithSharp: DecodeImage = async (bytes) => {
  const raw = sharp(bytes).toColourspace('srgb').ensureAlpha().raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};

/** Decodes an image file. */
export async function readPixels(file: string | URL): Promise<Pixels> {
  return decodeWithSharp(await readFile(file), new AbortController().signal);
}

/** How a picture is made from a sample; see packages/testing/models/make-mediapipe-faces.py. */
export interface PictureRecipe {
  readonly crop: readonly number[];
  readonly step?: number;
  readonly repeat?: number;
  readonly tiles?: number;
}

/** Makes a picture from a sample's pixels. */
export function makePicture(
  source: Pixels,
  { crop, step = 1, repeat = 1, tiles = 1 }: PictureRecipe,
): Pixels {
  const [left = 0, top = 0, cropWidth = 0, cropHeight = 0] = crop;
  const tile = Math.ceil(cropWidth / step) * repeat;
  const height = Math.ceil(cropHeight / step) * repeat;
  const width = tile * tiles;
  const pixels = new Uint32Array(source.data.slice().buffer);
  const made = new Uint32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = (top + Math.floor(y / repeat) * step) * source.width;
    for (let x = 0; x < width; x += 1) {
      made[y * width + x] = pixels[row + left + Math.floor((x % tile) / repeat) * step] ?? 0;
    }
  }
  return { width, height, data: new Uint8Array(made.buffer) };
}

/** One object in a result of the references in Python. */
export interface ReferenceObject {
  readonly class_id: number;
  readonly label: string;
  readonly score: number;
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
}

/** One face in a result of the references: corner and size of its box, and six points `[x, y]`, in pixels. */
export interface ReferenceFace {
  readonly score: number;
  readonly box: readonly number[];
  readonly keypoints: readonly (readonly number[])[];
}

/** The largest differences of one comparison, in pixels of the picture and in score. */
export interface Worst {
  boxPx: number;
  keypointPx: number;
  score: number;
  /** The least intersection over union. */
  iou: number;
}

/** Differences of zero, to start a comparison with. */
export const none = (): Worst => ({ boxPx: 0, keypointPx: 0, score: 0, iou: 1 });

/** Collects the largest differences of each kind of test; `print` writes one line for each kind. */
export function createNotes() {
  const notes = new Map<string, Worst>();
  return {
    add(kind: string, { boxPx, keypointPx, score, iou }: Worst) {
      const before = notes.get(kind) ?? none();
      notes.set(kind, {
        boxPx: Math.max(before.boxPx, boxPx),
        keypointPx: Math.max(before.keypointPx, keypointPx),
        score: Math.max(before.score, score),
        iou: Math.min(before.iou, iou),
      });
    },
    print(model: string) {
      for (const [kind, { boxPx, keypointPx, score, iou }] of notes) {
        const figures = [boxPx, keypointPx, score].map((figure) => figure.toPrecision(2));
        const [box, keypoint, scores] = figures;
        console.log(
          `${model}, ${kind}: boxes within ${box} px (IoU ${iou.toFixed(3)}), key points ${keypoint} px, scores ${scores}`,
        );
      }
    },
  };
}

/** Compares objects with the reference's, and records the largest differences in `worst`. */
export function compareObjects(
  found: readonly DetectedObject[],
  expected: readonly ReferenceObject[],
  worst: Worst,
): void {
  const name = ({ label, index, score }: { label: string; index: number; score: number }) =>
    `${index} ${label} ${score.toFixed(2)}`;
  const told = `found ${found.map(name).join(', ')}; expected ${expected
    .map((each) => name({ ...each, index: each.class_id }))
    .join(', ')}`;
  expect(found, told).toHaveLength(expected.length);
  // Two scores that differ by less than the tolerance may change places.
  const left = [...found];
  for (const { class_id, label, score, box } of expected) {
    const wanted = { x: box.x1, y: box.y1, width: box.x2 - box.x1, height: box.y2 - box.y1 };
    const distances = left.map((each) => (each.index === class_id ? distance(each.box, wanted) : Infinity));
    const nearest = Math.min(...distances);
    const [match] = left.splice(distances.indexOf(nearest), 1);
    expect(match?.label, told).toBe(label);
    worst.boxPx = Math.max(worst.boxPx, nearest);
    worst.iou = Math.min(worst.iou, match === undefined ? 0 : iouOf(match.box, wanted));
    worst.score = Math.max(worst.score, Math.abs((match?.score ?? Infinity) - score));
  }
}

/** Compares faces with the reference's, in order, and records the largest differences in `worst`. */
export function compareFaces(
  found: readonly DetectedFace[],
  expected: readonly ReferenceFace[],
  worst: Worst,
): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach(({ score, box, keypoints }, at) => {
    const face = found[at] as DetectedFace;
    const [x = NaN, y = NaN, width = NaN, height = NaN] = box;
    worst.boxPx = Math.max(worst.boxPx, distance(face.box, { x, y, width, height }));
    worst.iou = Math.min(worst.iou, iouOf(face.box, { x, y, width, height }));
    worst.score = Math.max(worst.score, Math.abs(face.score - score));
    keypoints.forEach(([pointX = NaN, pointY = NaN], place) => {
      const point = face.keypoints[place];
      const apart = Math.max(Math.abs((point?.x ?? NaN) - pointX), Math.abs((point?.y ?? NaN) - pointY));
      worst.keypointPx = Math.max(worst.keypointPx, apart);
    });
  });
}

/** The largest difference between the edges of two boxes, in pixels. */
function distance(a: PixelRegion, b: PixelRegion): number {
  const edges = ({ x, y, width, height }: PixelRegion) => [x, y, x + width, y + height];
  const other = edges(b);
  return Math.max(...edges(a).map((edge, at) => Math.abs(edge - (other[at] ?? NaN))));
}

function iouOf(a: PixelRegion, b: PixelRegion): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** A float32 tensor of a golden, in a file of its own. */
export interface GoldenTensor {
  readonly file: string;
  readonly shape: readonly number[];
}

/** A session whose every run returns the reference's tensors. It has no output for a file that does not exist. */
export async function replaySession(
  folder: URL,
  input: string,
  tensors: Readonly<Record<string, GoldenTensor>>,
): Promise<Session> {
  const outputs: Record<string, AnyTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    if (name !== input && existsSync(new URL(tensor.file, folder))) {
      outputs[name] = await readTensor(folder, tensor);
    }
  }
  const info = (name: string): TensorInfo => ({ name, type: 'float32', dims: tensors[name]?.shape ?? [] });
  return {
    backend: 'wasm',
    threads: 1,
    refused: [],
    inputs: [info(input)],
    outputs: Object.keys(outputs).map(info),
    run: () => Promise.resolve(outputs),
    dispose: () => Promise.resolve(),
  };
}

/** The tensors of one picture in samples/detections.json and samples/faces.json. */
export interface SampleTensors {
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly outputs: Readonly<Record<string, GoldenTensor>>;
}

/** A session whose every run returns the tensors of a shipped model for one picture of the samples. */
export function replaySample(folder: URL, { input, outputs }: SampleTensors): Promise<Session> {
  const fed: GoldenTensor = { file: '', shape: input.shape };
  return replaySession(folder, input.name, { ...outputs, [input.name]: fed });
}

/** A session of the model whose every run is fed the reference's input. */
export async function fedSession(
  model: URL,
  folder: URL,
  input: string,
  tensor: GoldenTensor,
): Promise<Session> {
  const session = await loadSession(readFile(model), { backends: ['wasm'] });
  const feed = await readTensor(folder, tensor);
  return { ...session, run: () => session.run({ [input]: feed }) };
}

async function readTensor(folder: URL, { file, shape }: GoldenTensor): Promise<AnyTensor> {
  const { buffer } = new Uint8Array(await readFile(new URL(file, folder)));
  return createTensor('float32', new Float32Array(buffer), shape);
}

/** The context of a pipeline, with the real kernels, and `session` for its graph. */
export function pipelineContext(manifest: Manifest, session: Session): PipelineContext {
  return {
    manifest,
    signal: new AbortController().signal,
    file: () => Promise.reject(new Error('no file')),
    session: () => Promise.resolve(session),
    shared: (_key, make) => make(({ url }) => readFile(new URL(url)).then((bytes) => new Uint8Array(bytes))),
  };
}

/** A zero-filled picture. */
export const blank = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(width * height * 4),
});

/** The context of a run, which records nothing. */
export const quiet = () => ({
  signal: new AbortController().signal,
  emit: () => Promise.resolve(),
  keepAlive: () => undefined,
  time: () => undefined,
});

/** The folder of a model that is not shipped, below `HAYATE_MODELS`, with a slash at its end. */
export function modelsFolder(name: string): URL {
  const folder = process.env['HAYATE_MODELS'];
  if (folder === undefined) throw new Error('HAYATE_MODELS must name the folder of the models');
  return new URL(`${name}/`, pathToFileURL(`${folder}/`));
}

/** Reads a JSON file. */
export async function readJson<Value>(file: URL): Promise<Value> {
  return JSON.parse(await readFile(fileURLToPath(file), 'utf8')) as Value;
}
