import { readLocalFile } from '@hayate/core';
import { type Detections, type SuppressionOptions } from './output-kernels';
import { beforeAll, describe, expect, it } from 'vitest';

import { loadEmbeddings, type WasmEmbeddingsKernels } from './embeddings';
import { loadVision, type WasmVisionKernels } from './vision';

interface DetectionCase {
  readonly kind: 'yolov8' | 'xyxy' | 'cxcywh' | 'labelled' | 'yolox' | 'nanodet';
  readonly seed: number;
  readonly anchors: number;
  readonly classes: number;
  readonly steps: number;
  readonly size: number;
  readonly strides?: number[];
  readonly bins: number;
  readonly apart: boolean;
  readonly output: number;
  readonly options: SuppressionOptions & { readonly maxCount: number };
  readonly expected: { boxes: string; scores: number[]; classes: number[]; anchors: number[] };
}

interface MaskCase {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly window: { x: number; y: number; width: number; height: number };
  readonly outWidth: number;
  readonly outHeight: number;
  readonly threshold: number;
  readonly bits: string;
}

interface Golden {
  readonly scores: { input: number[]; sigmoid: number[] }[];
  readonly outputs: { anchors: number; rows: number[]; values: string }[];
  readonly detections: DetectionCase[];
  readonly masks: MaskCase[];
  readonly embeddings: {
    seed: number;
    texts: number;
    length: number;
    size: number;
    pooled: number[];
    normalized: number[];
    cosine: number;
  }[];
}

interface FaceCase {
  readonly id: string;
  readonly anchors: number[];
  readonly logits: string;
  readonly boxes: string;
  readonly rules: { scoreThreshold: number; iouThreshold: number; faces: string }[];
}

const fixtures = {
  golden: new URL('../fixtures/post-golden.json', import.meta.url),
  faces: new URL('../fixtures/face-golden.json', import.meta.url),
};

async function read(url: URL): Promise<unknown> {
  const file = url.protocol === 'file:' ? await readLocalFile(url) : await (await fetch(url)).arrayBuffer();
  return JSON.parse(new TextDecoder().decode(file));
}

const golden = (await read(fixtures.golden)) as Golden;
const { cases: faceCases } = (await read(fixtures.faces)) as { cases: FaceCase[] };

const fromBits = (bits: readonly number[]) => new Float32Array(Uint32Array.from(bits).buffer);
const bytes = (text: string) => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
const decode = (text: string) => new Float32Array(bytes(text).buffer);

/** The generator of fixtures/make-post-golden.py. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function many(seed: number, count: number, change: (number: number) => number): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count }, () => change(next()));
}

/** Boxes by centre and size, and scores; see `scene` in fixtures/make-post-golden.py. */
function scene({ seed, anchors, classes, steps }: DetectionCase): { boxes: number[][]; scores: number[][] } {
  const next = numbers(seed);
  const boxes: number[][] = [];
  const scores: number[][] = [];
  for (let anchor = 0; anchor < anchors; anchor += 1) {
    const thing = anchor % 11;
    boxes.push(
      [
        60 + ((thing * 47) % 500) + next() * 12,
        60 + ((thing * 91) % 500) + next() * 12,
        40 + thing * 5 + next() * 16,
        50 + thing * 4 + next() * 16,
      ].map(Math.fround),
    );
    const [seen, luck] = [next() < 0.1, next()];
    scores.push(
      Array.from({ length: classes }, (_, column) => {
        const noise = next() * 0.2;
        const score = seen && column === thing % classes ? luck : noise;
        return steps > 0 ? Math.floor(score * steps) / steps : score;
      }),
    );
  }
  return { boxes, scores };
}

function corners([x = 0, y = 0, width = 0, height = 0]: readonly number[]): number[] {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function detect(kernels: WasmVisionKernels, test: DetectionCase): Detections {
  const { kind, classes: classCount } = test;
  const options = { ...test.options, maxDetections: test.options.maxCount };
  if (test.strides !== undefined) {
    const stored = golden.outputs[test.output];
    if (stored === undefined) throw new Error('no such output');
    const values = decode(stored.values);
    const step = values.length / stored.rows.length;
    const output = new Float32Array(stored.anchors * step);
    stored.rows.forEach((row, at) => {
      output.set(values.subarray(at * step, (at + 1) * step), row * step);
    });
    const grid = { inputWidth: test.size, inputHeight: test.size, classCount };
    if (kind === 'yolox') return kernels.decodeDetections({ layout: kind, output, ...grid, ...options });
    const rows = Array.from({ length: stored.anchors }, (_, at) =>
      output.subarray(at * step, (at + 1) * step),
    );
    const apart = {
      scores: rows.map((row) => row.subarray(0, classCount)),
      distances: rows.map((row) => row.subarray(classCount)),
    };
    const regMax = test.bins - 1;
    return kernels.decodeDetections({
      ...{ layout: 'nanodet' as const, output: test.apart ? apart : output, regMax },
      ...grid,
      ...options,
    });
  }
  const { boxes, scores } = scene(test);
  if (kind === 'yolov8') {
    const column = (rows: number[][], at: number) => Float32Array.from(rows, (row) => row[at] ?? NaN);
    const output = [
      ...[0, 1, 2, 3].map((at) => column(boxes, at)),
      ...Array.from({ length: classCount }, (_, at) => column(scores, at)),
    ];
    return kernels.decodeDetections({ layout: kind, output, classCount, ...options });
  }
  if (kind === 'labelled') {
    const rows = boxes.map((box, at) =>
      Float32Array.of(...corners(box), scores[at]?.[0] ?? NaN, (at * 7) % 3),
    );
    return kernels.decodeDetections({ layout: 'end-to-end', output: rows, ...options });
  }
  const boxFormat = kind === 'cxcywh' ? kind : 'xyxy';
  return kernels.nonMaximumSuppression({
    boxes: Float32Array.from((boxFormat === 'xyxy' ? boxes.map(corners) : boxes).flat()),
    ...{ boxFormat, scores: Float32Array.from(scores.flat()), classCount },
    ...options,
  });
}

function expectClose(got: Float32Array, want: Float32Array, tolerance: (want: number) => number): void {
  expect(got).toHaveLength(want.length);
  const off = [...want].filter((value, at) => {
    const other = got[at] ?? Infinity;
    return Number.isNaN(value)
      ? !Number.isNaN(other)
      : !(Math.abs(other - value) <= tolerance(value)) && other !== value;
  });
  expect(off).toEqual([]);
}

// One unit in the last place: exp may differ in its last f64 bit.
const lastPlace = (want: number) => Math.abs(want) * 2 ** -23;

describe.each(['on', 'off'] as const)('the wasm kernels with SIMD %s', (simd) => {
  let kernels: WasmVisionKernels;
  let embeddings: WasmEmbeddingsKernels;
  beforeAll(async () => {
    [kernels, embeddings] = await Promise.all([loadVision({ simd }), loadEmbeddings({ simd })]);
  });

  it('score as NumPy', () => {
    for (const { input, sigmoid } of golden.scores) {
      expectClose(kernels.sigmoid(fromBits(input)), fromBits(sigmoid), lastPlace);
    }
  });

  it.each(golden.detections.map((test, at) => [at, test.kind, test] as const))(
    'detect as the reference in case %i (%s)',
    (_, __, test) => {
      const { boxes, scores, classes, anchors } = detect(kernels, test);
      const { expected } = test;
      expect([...anchors]).toEqual(expected.anchors);
      expect([...classes]).toEqual(expected.classes);
      expect([...scores]).toEqual([...fromBits(expected.scores)]);
      // Exponentials differ in the last bit: 1e-7 of a number up to the size.
      expectClose(boxes, decode(expected.boxes), () => (test.strides === undefined ? 0 : 2e-4));
    },
  );

  it.each(faceCases.map((test) => [test.id, test] as const))(
    'find the faces of MediaPipe in %s',
    (_, test) => {
      const logits = new Float32Array(896).fill(-100);
      const boxes = new Float32Array(896 * 16);
      const [stored, numbersOfBoxes] = [decode(test.logits), decode(test.boxes)];
      test.anchors.forEach((anchor, at) => {
        logits[anchor] = stored[at] ?? NaN;
        boxes.set(numbersOfBoxes.subarray(at * 16, at * 16 + 16), anchor * 16);
      });
      for (const { faces, ...rule } of test.rules) {
        // In two parts, as the model outputs them: the anchors of 16 × 16 cells and those of 8 × 8.
        const found = kernels.decodeFaces({
          scores: [logits.subarray(0, 512), logits.subarray(512)],
          ...{ boxes, ...rule },
        });
        const flat = [...found.scores].flatMap((score, at) => [
          ...found.boxes.subarray(at * 4, at * 4 + 4),
          score,
          ...found.keypoints.subarray(at * 12, at * 12 + 12),
        ]);
        // Float sums in another order, and a corner that MediaPipe stores as a size.
        expectClose(Float32Array.from(flat), decode(faces), () => 3e-7);
      }
    },
  );

  it.each(golden.masks.map((test) => [test.seed, test] as const))(
    'paint the mask of torch of seed %i',
    (seed, test) => {
      const { width, height, window, outWidth, outHeight, threshold, bits } = test;
      const mask = many(seed, width * height, (number) => number - 0.5);
      const packed = bytes(bits);
      const expected = Array.from(
        { length: outWidth * outHeight },
        (_, at) => ((packed[at >> 3] ?? 0) >> (7 - (at % 8))) & 1,
      );
      const options = {
        mask,
        width,
        height,
        window,
        outputWidth: outWidth,
        outputHeight: outHeight,
        threshold,
      };
      expect([...kernels.binaryMask(options)]).toEqual(expected);
      const color = [9, 8, 7, 200] as const;
      const pixels = [...kernels.rgbaMask({ ...options, color })];
      expect(pixels).toEqual(expected.flatMap((on) => (on === 1 ? color : [0, 0, 0, 0])));
    },
  );

  it('pool, normalise and compare as NumPy', () => {
    for (const { seed, texts, length, size, pooled, normalized, cosine } of golden.embeddings) {
      const tokens = many(seed, texts * length * size, (number) => (number - 0.5) * 4);
      const attentionMask = many(seed + 100, texts * length, (number) => Number(number < 0.7));
      for (let at = 0; at < attentionMask.length; at += length) attentionMask[at] = 1;
      const dims = [texts, length, size] as const;
      const means = embeddings.meanPool({ tokens, attentionMask, dims });
      expectClose(means, fromBits(pooled), lastPlace);
      const bigints = BigInt64Array.from(attentionMask, BigInt);
      expect([...embeddings.meanPool({ tokens, attentionMask: bigints, dims })]).toEqual([...means]);
      expectClose(embeddings.normalize({ embeddings: means, size }), fromBits(normalized), lastPlace);
      const [a, b] = [means.subarray(0, size), means.subarray(-size)];
      expect(embeddings.cosineSimilarity({ a, b })).toBeCloseTo(cosine, 13);
    }
  });
});

it('gives the same bits with SIMD and without, in every family', async () => {
  const [on, off] = await Promise.all([loadVision({ simd: 'on' }), loadVision({ simd: 'off' })]);
  const [vectors, scalarVectors] = await Promise.all([
    loadEmbeddings({ simd: 'on' }),
    loadEmbeddings({ simd: 'off' }),
  ]);
  for (let seed = 1; seed < 40; seed += 1) {
    const spread = 2 ** (seed % 12);
    const values = many(seed, 200 + seed, (number) => (number - 0.5) * spread);
    for (const kernel of ['softmax', 'sigmoid'] as const) {
      const [simd, ...others] = [on, off, vectors, scalarVectors].map(
        (build) => new Uint32Array(build[kernel](values).buffer),
      );
      for (const other of others) expect(other).toEqual(simd);
    }
    for (const build of [off, vectors, scalarVectors]) {
      expect(build.topK(values, 9)).toEqual(on.topK(values, 9));
    }
    const whole = { embeddings: values, size: values.length };
    expect(vectors.normalize(whole)).toEqual(scalarVectors.normalize(whole));
    const halves = { a: values.subarray(0, 99), b: values.subarray(99, 198) };
    expect(vectors.cosineSimilarity(halves)).toBe(scalarVectors.cosineSimilarity(halves));
  }
  for (const test of golden.detections) expect(detect(on, test)).toEqual(detect(off, test));
});
