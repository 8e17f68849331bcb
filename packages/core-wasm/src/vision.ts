import { createCompiler, type CompileOptions } from './create-compiler';
import { createLoader, type RunningModule } from './create-loader';
import { createVision, type VisionKernels } from './create-vision';
import { chooseFile, type FamilyFiles, type KernelsFile } from './family-files';
import { vision } from './shipped';

export type { WasmSource } from './compile';
export type { SimdChoice } from './create-compiler';
export type { RunningModule } from './create-loader';
export type { VisionKernels } from './create-vision';
export type { KernelsFile } from './family-files';
export { hasSimd } from '@hayate/core';
export { imagePlanFields, imagePlanProblem, imagePlanSpec } from './image-plan-spec';
export type {
  AffineMatrix,
  ImageFilter,
  ImageFit,
  ImageNumerics,
  ImagePlan,
  ImagePlanSpec,
  ImageTensorType,
  PackedFormat,
  PixelFormat,
  PixelRegion,
  RunPlanOptions,
  TensorChannels,
  TensorLayout,
  YuvColorSpace,
  YuvFormat,
} from './image-plan-spec';
export type {
  Detections,
  DetectorOutput,
  FaceDetectorOutput,
  Faces,
  Floats,
  MaskOptions,
  ScoreKernels,
  BoxKernels,
  MaskKernels,
  ScoredBoxes,
  SuppressionOptions,
  TopK,
} from './output-kernels';

/** Options of {@link loadVision} and {@link compileVision}. */
export type LoadVisionOptions = CompileOptions;

/** The kernels for pictures, with the module they run in, which can be posted to workers. */
export type WasmVisionKernels = VisionKernels & RunningModule;

// Each address is written in one expression: bundlers recognise this form and ship the file.
const FILES: FamilyFiles = {
  simd: () => new URL('../vision/pkg/vision-simd.wasm', import.meta.url),
  scalar: () => new URL('../vision/pkg/vision-scalar.wasm', import.meta.url),
};

/** The file that {@link loadVision} would fetch here, for those who fetch, verify and keep it themselves. */
export const visionFile = (): KernelsFile => chooseFile(FILES, vision);

/**
 * Compiles the module without starting it, to be posted to workers: `loadVision({ wasm: module })` there neither
 * fetches nor compiles. The shipped files are fetched and compiled once; a failure is not remembered.
 *
 * Rejects as {@link loadVision} does.
 */
export const compileVision = /* @__PURE__ */ createCompiler(FILES);

/**
 * Loads the kernels for pictures: one instance for each compiled module, shared by all callers in this thread.
 *
 * Rejects with HayateError `kernels-unavailable` ({ reason }) if the module cannot be loaded, and
 * with the signal's reason if it aborts first.
 */
export const loadVision = /* @__PURE__ */ createLoader(compileVision, 'imageplan_new', createVision);
