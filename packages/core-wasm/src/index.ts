export {
  compileVision,
  hasSimd,
  kernelsFile,
  loadVision,
  type KernelsFile,
  type LoadVisionOptions,
  type SimdChoice,
  type WasmSource,
} from './load';
export type { WasmVisionKernels } from './vision';
