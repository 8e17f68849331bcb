import { hayate } from '../../src/hayate.ts';
import { offer } from './offer.mjs';

await offer(hayate);
