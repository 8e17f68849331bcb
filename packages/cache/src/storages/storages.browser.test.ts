import { describeStorage } from '@hayate/testing';
import { cacheStorage } from './cache-storage';
import { memoryStorage } from './memory';

describeStorage('the Cache API', () => cacheStorage('hayate-test'));
describeStorage('memory', memoryStorage);
