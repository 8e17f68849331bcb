import { readFile } from 'node:fs/promises';
import { createTask } from '@hayate/core';
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { imageClassification } from '@hayate/core/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { createEngine } from '@hayate/worker';
import { sharpDecode } from './sharp-decode';

/** Classifies a photo in Node. */
export async function classifyFile(path: string | URL) {
  const engine = createEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'], decode: sharpDecode });
  const task = createTask(engine, imageClassification, { model });
  return task.run(await readFile(path)).finally(() => engine.dispose());
}
