import { findTransferables } from '@hayate/core';
import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { serveEngine } from '@hayate/worker/host';
import { countFrames } from './frame-count.mjs';

const { add, counts } = countFrames();
addEventListener('message', ({ data }) => {
  for (const item of findTransferables(data)) if (item instanceof VideoFrame) add(item);
});
const channel = new BroadcastChannel('frame-counts');
channel.addEventListener('message', () => channel.postMessage(counts()));

serveEngine({ pipelines: [imageClassificationPipeline] });
