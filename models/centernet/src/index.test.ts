import { describeModelPackage } from '@hayate/testing/model-package';
import { centernet } from './index.js';
import { manifest } from './manifest.js';

describeModelPackage(new URL('../', import.meta.url), centernet, manifest, 80);
