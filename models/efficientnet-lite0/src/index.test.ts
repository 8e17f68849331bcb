import { describeModelPackage } from '@hayate/testing/model-package';
import { efficientnetLite0 } from './index.js';
import { manifest } from './manifest.js';

describeModelPackage(new URL('../', import.meta.url), efficientnetLite0, manifest, 1000);
