import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { serveEngine } from '@hayate/worker/host';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });
