import { createTask, type Engine } from '@hayate/core';
import { camera, type MediaFrame } from '@hayate/core/media';
import { createStream } from '@hayate/core/stream';
import { faceDetection } from '@hayate/core/tasks/face-detection';
import { blazeface as model } from '@hayate/model-blazeface';

/** Waits until somebody looks into the camera, and switches it off. */
export async function waitForFace(engine: Engine, source: AsyncIterable<MediaFrame> = camera()) {
  const task = createTask(engine, faceDetection, { model });
  for await (const { output } of createStream(task, source)) {
    if (output[0] !== undefined) return output[0];
  }
}
