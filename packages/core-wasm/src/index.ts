export { loadVision, type LoadVisionOptions, type WasmSource } from './load';
