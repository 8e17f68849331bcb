import { faceDetectionPipeline } from '@hayate/core/pipelines/face-detection';
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { serveEngine } from '@hayate/worker/host';

serveEngine({ pipelines: [imageClassificationPipeline, faceDetectionPipeline] });
