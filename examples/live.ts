import { createTask, type Engine } from '@hayate/core';
import { createLive } from '@hayate/core/live';
import { blazeface as model } from '@hayate/model-blazeface';
import { camera, type MediaFrame } from '@hayate/vision';
import { faceDetection } from '@hayate/vision/tasks/face-detection';

/** Waits until somebody looks into the camera, and switches it off. */
export async function waitForFace(engine: Engine, source: AsyncIterable<MediaFrame> = camera()) {
  const task = createTask(engine, faceDetection, { model });
  for await (const { output } of createLive(task, source)) {
    if (output[0] !== undefined) return output[0];
  }
}
