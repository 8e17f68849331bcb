import { faceDetectionPipeline } from '@hayate/vision/pipelines/face-detection';
import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { objectDetectionPipeline } from '@hayate/vision/pipelines/object-detection';
import { serveEngine } from '@hayate/worker/host';

serveEngine({
  pipelines: [imageClassificationPipeline, objectDetectionPipeline, faceDetectionPipeline],
});
