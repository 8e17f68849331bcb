import { loadVision } from '@hayate/core-wasm/vision';
import { report } from './report.js';

// The bundler finds the modules by itself.
void report(['on', 'off'].map((simd) => loadVision({ simd })));
