import { faceDetectionPipeline } from '@hayate/core/pipelines/face-detection';
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { objectDetectionPipeline } from '@hayate/core/pipelines/object-detection';
import { serveEngine } from '@hayate/worker/host';

serveEngine({ pipelines: [faceDetectionPipeline, imageClassificationPipeline, objectDetectionPipeline] });
