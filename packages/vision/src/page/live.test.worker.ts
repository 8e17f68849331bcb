// The worker of live.browser.test.ts. It is like an app's.
import { serveEngine } from '@hayate/worker/host';
import { imageClassificationPipeline } from '../tasks/image-classification/pipeline';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });
