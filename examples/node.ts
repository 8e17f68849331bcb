import { readFile } from 'node:fs/promises';
import { createTask } from '@hayate/core';
import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { withImageDecoder } from '@hayate/vision/worker';
import { createEngine } from '@hayate/worker';
import { sharpDecode } from './sharp-decode';

/** Classifies a photo in Node. */
export async function classifyFile(path: string | URL) {
  const pipelines = withImageDecoder(sharpDecode, [imageClassificationPipeline]);
  const engine = createEngine({ pipelines, backends: ['wasm'] });
  const task = createTask(engine, imageClassification, { model });
  return task.run(await readFile(path)).finally(() => engine.dispose());
}
