import { serveEngine } from '@hayate/worker/host';
import { imageClassificationPipeline } from 'vision:pipelines/image-classification';

serveEngine({ pipelines: [imageClassificationPipeline] });
