import { FaceDetector, FilesetResolver } from '@mediapipe/tasks-vision';

/** MediaPipe's face detector on whatever thread this is. `files` are its wasm's folder and the model. */
export async function loadMediapipe(files, runningMode, isModule) {
  const fileset = await FilesetResolver.forVisionTasks(files.wasm, isModule);
  const detector = await FaceDetector.createFromOptions(fileset, {
    baseOptions: { modelAssetPath: files.model, delegate: 'CPU' },
    runningMode,
    minDetectionConfidence: 0.5,
    minSuppressionThreshold: 0.3,
  });
  return {
    /** Takes the picture, and closes it. */
    async run(picture) {
      const { detections } =
        runningMode === 'VIDEO'
          ? detector.detectForVideo(picture, performance.now())
          : detector.detect(picture);
      picture.close();
      const found = detections.map(
        ({ boundingBox: { originX: x, originY: y, width, height }, categories }) => ({
          ...{ score: categories[0].score, index: 0, box: [x, y, x + width, y + height] },
        }),
      );
      return { found, stages: {} };
    },
  };
}
