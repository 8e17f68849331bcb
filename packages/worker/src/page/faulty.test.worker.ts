// The worker of this package's tests. It is like an app's, but fails on request, and counts the frames that it closed.
import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { serveEngine } from '../worker/host';

serveEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'] });

let framesClosed = 0;
if (typeof VideoFrame !== 'undefined') {
  const close = Object.getOwnPropertyDescriptor(VideoFrame.prototype, 'close')?.value as () => void;
  VideoFrame.prototype.close = function (this: VideoFrame) {
    // A closed frame has no format.
    if (this.format !== null) framesClosed += 1;
    close.call(this);
  };
}

addEventListener('message', ({ data }) => {
  if (data === 'throw') throw new Error('by a test');
  if (data === 'close') close();
  if (data === 'loop') for (;;);
  if (data === 'collect') {
    (globalThis as { gc?: () => void }).gc?.();
    postMessage({ framesClosed });
  }
});
