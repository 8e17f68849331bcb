import { transformersJs } from '../../src/transformers-js.ts';
import { offer } from './offer.mjs';

// The build that transformers.js takes by default, by its addresses, so that it keeps the files as it does by default.
const file = (ending) => new URL(`ort/ort-wasm-simd-threaded.asyncify.${ending}`, document.baseURI).href;
await offer(() => transformersJs({ mjs: file('mjs'), wasm: file('wasm') }, true));
