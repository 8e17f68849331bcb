import { describeModelPackage } from '@hayate/testing/model-package';
import { readImagePreprocess } from '@hayate/vision/worker';
import { blazeface } from './index.js';

describeModelPackage(new URL('../', import.meta.url), blazeface, { readPreprocess: readImagePreprocess });
