import type { WireImage } from '../image';
import { prepareImage } from '../prepare-image';
import { loadVision } from '@hayate/core-wasm/vision';
import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { sampleUrl, skipWithoutWebgl } from '@hayate/testing';
import { expect, test } from 'vitest';
import type { ImagePreprocess } from './image-preprocess';
import { readImage } from './read-image';

const { preprocess } = efficientnetLite0 as unknown as { readonly preprocess: ImagePreprocess };
const never = new AbortController().signal;

async function tensorOf(image: WireImage): Promise<Float32Array> {
  const { imagePlan } = await loadVision();
  const plan = imagePlan(preprocess);
  await readImage(image, plan, undefined, never);
  const tensor = plan.run().slice() as Float32Array;
  plan.dispose();
  return tensor;
}

/** The largest difference from Pillow's and NumPy's tensor of the same PNG. */
async function worst(tensor: Float32Array): Promise<number> {
  const reference = new Float32Array(await (await fetch(sampleUrl('reference-chelsea.f32'))).arrayBuffer());
  expect(tensor).toHaveLength(reference.length);
  return tensor.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (reference[index] ?? Number.NaN))),
    0,
  );
}

const chelsea = async (name = 'chelsea.png') => (await fetch(sampleUrl(name))).blob();
const raw: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

test('the tensor of a PNG is that of the reference', async () => {
  expect(await worst(await tensorOf(await chelsea()))).toBeLessThan(1e-6);
});

test('the tensor of a PNG with alpha is that of the reference, which ignores alpha', async (context) => {
  skipWithoutWebgl(context);
  expect(await worst(await tensorOf(await chelsea('edge/alpha.png')))).toBeLessThan(1e-6);
});

test('every kind of picture gives the same tensor', async () => {
  const bitmap = await createImageBitmap(await chelsea(), raw);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const page = document.createElement('canvas');
  [page.width, page.height] = [bitmap.width, bitmap.height];
  page.getContext('2d')!.drawImage(bitmap, 0, 0);
  const img = new Image();
  img.src = sampleUrl('chelsea.png');
  const pictures = {
    bytes: await (await chelsea()).arrayBuffer(),
    bitmap,
    canvas,
    page,
    img,
    imageData: context.getImageData(0, 0, bitmap.width, bitmap.height),
    frame: new VideoFrame(bitmap, { timestamp: 0 }),
  };
  for (const [kind, picture] of Object.entries(pictures)) {
    const { value } = await prepareImage(picture);
    expect(await worst(await tensorOf(value as WireImage)), kind).toBeLessThan(1e-6);
  }
  pictures.frame.close();
});

test('an input without a picture is bad-input', async () => {
  const closed = await createImageBitmap(await chelsea());
  closed.close();
  const broken = new Image();
  broken.src = 'data:image/png;base64,AAAA';
  for (const input of [closed, broken, document.createElement('video'), 'text', null, {}]) {
    await expect(prepareImage(input as ImageBitmap)).rejects.toMatchObject({ code: 'bad-input' });
  }
  const short = { width: 4, height: 4, data: new Uint8Array(5) };
  await expect(tensorOf(short)).rejects.toMatchObject({ code: 'bad-input' });
});
