// The worker of this package's tests, as an app would write its own.
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { serveEngine } from './host';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });

// What a test asks for: an error that nobody catches.
addEventListener('message', ({ data }) => {
  if (data === 'throw') throw new Error('by a test');
});
