import { describeModelPackage } from '@hayate/testing/model-package';
import { blazeface } from './index.js';
import { manifest } from './manifest.js';

describeModelPackage(new URL('../', import.meta.url), blazeface, manifest);
