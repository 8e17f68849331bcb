import { describeModelPackage } from '@hayate/testing/model-package';
import { readImagePreprocess } from '@hayate/vision/worker';
import { centernet } from './index.js';

describeModelPackage(new URL('../', import.meta.url), centernet, {
  labelCount: 80,
  readPreprocess: readImagePreprocess,
});
