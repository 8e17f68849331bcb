import { countingPipeline, describeStreaming } from '@hayate/testing';
import { createEngine } from './create-engine';

describeStreaming('createEngine in Node', {
  make: () => createEngine({ pipelines: [countingPipeline] }),
  inWorker: false,
  onTheWay: 1,
});
