export {
  compileVision,
  hasSimd,
  loadVision,
  type LoadVisionOptions,
  type SimdChoice,
  type WasmSource,
} from './load';
export type { WasmVisionKernels } from './vision';
