export { checkImagePlan, isImageSide, MAX_IMAGE_SIDE } from './check-image-plan';
export { defineTask } from './contract';
export type {
  AnyContract,
  ConfigOf,
  InputOf,
  OptionsOf,
  OutputOf,
  PreparedInput,
  PrepareOptions,
  TaskContract,
} from './contract';
export type {
  Engine,
  LoadedTask,
  LoadOptions,
  QueuePolicy,
  QueueStats,
  RunControl,
  RunOptions,
  RunResult,
} from './engine';
export { findTransferables } from './find-transferables';
export { HayateError, isAbortError, isHayateError, toHayateError } from './errors';
export type { AnyHayateError, BackendAttempt, BackendName, ErrorCode, ErrorDetails } from './errors';
export { badPicture, RAW_PIXELS } from './image';
export type {
  EncodedImage,
  ImageInput,
  Pixels,
  PixelTarget,
  ReadImage,
  ReadTimings,
  WireImage,
} from './image';
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
} from './kernels';
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
export { modelKey, parseManifest, plainModel } from './manifest';
export type { ImagePreprocess, Manifest, ModelFile, ModelSource, OutputDescription } from './manifest';
export type {
  FileProgress,
  GetModelOptions,
  LoadProgress,
  ModelEntry,
  ModelStore,
  OpenedModel,
  StoredModel,
} from './model-store';
export { definePipeline } from './pipeline';
export type {
  AnyPipeline,
  LoadedPipeline,
  Pipeline,
  PipelineContext,
  RunContext,
  Timings,
  Tokenizer,
} from './pipeline';
export type { Session, TensorInfo } from './session';
export { readLocalFile } from './read-local-file';
export { createStore } from './store';
export type { Store, StoreLifecycle, WritableStore } from './store';
export { createSerial } from './serial';
export { createTask } from './task';
export type { Task, TaskOptions, TaskState } from './task';
export { tell } from './tell';
export { createTensor } from './tensor';
export { unlessAborted } from './unless-aborted';
export type {
  AnyCpuTensor,
  AnyTensor,
  DeviceTensor,
  Tensor,
  TensorData,
  Tensors,
  TensorType,
} from './tensor';
