import { loadVision } from '@hayate/core-wasm/vision';
import scalar from '@hayate/core-wasm/vision-scalar.wasm';
import simd from '@hayate/core-wasm/vision-simd.wasm';
import { report } from './report.js';

// The bundler only copies what is imported, and gives its name.
void report([simd, scalar].map((name) => loadVision({ wasm: new URL(name, import.meta.url) })));
