// The worker of this package's tests, as an app would write its own.
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { serveEngine } from './host';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });
