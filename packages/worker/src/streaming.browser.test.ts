import { countingPipeline, describeStreaming } from '@hayate/testing';
import { createEngine } from './create-engine';
import { connectEngine } from './page/connect-engine';
import { PARTIALS_ON_THE_WAY } from './wire/protocol';

describeStreaming('connectEngine', {
  make: () =>
    connectEngine(
      () => new Worker(new URL('./page/streaming.test.worker.ts', import.meta.url), { type: 'module' }),
    ),
  inWorker: true,
  onTheWay: PARTIALS_ON_THE_WAY,
});

describeStreaming('createEngine', {
  make: () => createEngine({ pipelines: [countingPipeline] }),
  inWorker: false,
  onTheWay: 1,
});
