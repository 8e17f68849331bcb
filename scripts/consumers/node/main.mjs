// Every package is imported, as a server does, and a photo is classified.
import { readFile } from 'node:fs/promises';
import '@hayate/cache';
import '@hayate/core-wasm/vision';
import '@hayate/react';
import '@hayate/runtime';
import '@hayate/vision';
import '@hayate/vue';
import '@hayate/worker/host';
import { createTask } from '@hayate/core';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { withImageDecoder } from '@hayate/vision/worker';
import { createEngine } from '@hayate/worker';
import sharp from 'sharp';

async function decode(bytes) {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const pipelines = withImageDecoder(decode, [imageClassificationPipeline]);
const engine = createEngine({ pipelines, backends: ['wasm'] });
const labels = await createTask(engine, imageClassification, { model }).run(await readFile(process.argv[2]));
console.log(JSON.stringify(labels.map(({ label }) => label)));
await engine.dispose();
