// What `./vision` exports, until its importers take that entry.
export {
  compileVision,
  hasSimd,
  loadVision,
  type LoadVisionOptions,
  type SimdChoice,
  type WasmSource,
  type WasmVisionKernels,
} from './vision';
