// The worker of this package's tests, as an app would write its own, but that it fails when it is told to.
import { imageClassificationPipeline } from '@hayate/core/pipelines/image-classification';
import { serveEngine } from './host';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });

addEventListener('message', ({ data }) => {
  if (data === 'throw') throw new Error('by a test');
  if (data === 'close') close();
  if (data === 'loop') for (;;);
});
