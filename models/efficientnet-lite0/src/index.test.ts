import { describeModelPackage } from '@hayate/testing/model-package';
import { readImagePreprocess } from '@hayate/vision/worker';
import { efficientnetLite0 } from './index.js';

describeModelPackage(new URL('../', import.meta.url), efficientnetLite0, {
  labelCount: 1000,
  readPreprocess: readImagePreprocess,
});
