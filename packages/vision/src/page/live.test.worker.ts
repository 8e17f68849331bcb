// The worker of live.browser.test.ts, as an app would write its own.
import { serveEngine } from '@hayate/worker/host';
import { imageClassificationPipeline } from '../tasks/image-classification/pipeline';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });
