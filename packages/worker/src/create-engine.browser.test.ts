import { imageClassificationPipeline } from '@hayate/vision/pipelines/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { describeEngine } from '@hayate/testing';
import { createEngine } from './create-engine';

describeEngine('an engine on this thread', model, (settings) =>
  createEngine({ pipelines: [imageClassificationPipeline], backends: ['wasm'], ...settings }),
);
