export {
  compileVision,
  hasSimd,
  loadVision,
  type LoadVisionOptions,
  type SimdChoice,
  type WasmSource,
} from './load';
export type { WasmVisionKernels } from './vision';
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
  VisionKernels,
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
  OutputKernels,
  ScoredBoxes,
  SuppressionOptions,
  TopK,
} from './output-kernels';
