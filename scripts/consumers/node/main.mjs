// Every package is imported, as a server does, and a photo is classified.
import { readFile } from 'node:fs/promises';
import '@hayate/cache';
import '@hayate/core-wasm/vision';
import '@hayate/react';
import '@hayate/runtime';
import '@hayate/vue';
import '@hayate/worker/host';
import { createTask } from '@hayate/core';
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { imageClassification } from '@hayate/core/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { createEngine } from '@hayate/worker';
import sharp from 'sharp';

async function decode(bytes) {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const engine = createEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'], decode });
const labels = await createTask(engine, imageClassification, { model }).run(await readFile(process.argv[2]));
console.log(JSON.stringify(labels.map(({ label }) => label)));
await engine.dispose();
