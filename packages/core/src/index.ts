export { createDeferred, createSerial, notify, reportThrown, unlessAborted } from './async';
export type { Deferred } from './async';
export { badOption, checkCountOption, checkShareOption } from './check-options';
export { HayateError, isAbortError, isHayateError, toHayateError } from './errors';
export type { AnyHayateError, BackendAttempt, BackendName, ErrorCode, ErrorDetails } from './errors';
export { fileCorrupt, fileUnreachable } from './file-errors';
export { hasSimd } from './has-simd';
export { toHex } from './hex';
export { badManifest, modelKey, parseManifest, plainModel } from './model/manifest';
export type { Manifest, ModelFile, ModelSource, OutputDescription } from './model/manifest';
export { readOutputLayout } from './model/output-layout';
export type { OutputLayout } from './model/output-layout';
export { readLabels } from './model/read-labels';
export { serveGraph, sliceOutputs } from './model/serve-graph';
export type { GraphOutputs, GraphTask, OutputFloats } from './model/serve-graph';
export { defineTask } from './ports/contract';
export type {
  AnyContract,
  ConfigOf,
  InputOf,
  ModelConfig,
  OptionsOf,
  OutputOf,
  PartialOf,
  PreparedInput,
  PrepareOptions,
  TaskContract,
} from './ports/contract';
export type {
  Engine,
  LoadedTask,
  LoadOptions,
  ModelPlacement,
  PartialListener,
  QueuePolicy,
  QueueStats,
  RunControl,
  RunOptions,
  RunResult,
  SessionReport,
} from './ports/engine';
export type {
  FileProgress,
  FileSource,
  FileStore,
  GetFileOptions,
  LoadProgress,
  ModelFiles,
  OpenedFile,
  OpenedFiles,
  OpenFilesOptions,
  StoredFile,
  StoreEntry,
} from './ports/file-store';
export { definePipeline } from './ports/pipeline';
export type {
  AnyPipeline,
  LoadedPipeline,
  Pipeline,
  PipelineContext,
  PipelineSessionOptions,
  RunContext,
  SharedResource,
  Timings,
} from './ports/pipeline';
export type {
  GraphFiles,
  LoadSession,
  LoadSessionOptions,
  RuntimeFile,
  Session,
  SessionPlacement,
  SessionRunOptions,
  TensorInfo,
} from './ports/session';
export { createTensor } from './ports/tensor';
export type {
  AnyCpuTensor,
  AnyTensor,
  DeviceTensor,
  Tensor,
  TensorData,
  Tensors,
  TensorType,
} from './ports/tensor';
export { readLocalFile } from './read-local-file';
export { createSharedJobs } from './shared-jobs';
export type { JobShare, SharedJob, SharedJobsOptions } from './shared-jobs';
export { sumProgress } from './sum-progress';
export type { ProgressPart } from './sum-progress';
export { createStore } from './task/store';
export type { Store, StoreLifecycle, WritableStore } from './task/store';
export type { TaskStep } from './task/stream-run';
export { createTask } from './task/task';
export type { Task, TaskOptions, TaskRunOptions } from './task/task';
export { taskFunctions } from './task/task-functions';
export type { TaskFunctions } from './task/task-functions';
export { viewTask } from './task/task-state';
export type { TaskResults, TaskState, TaskView } from './task/task-state';
export { closeInput, closeValue, findTransferables } from './transfer';
export { decodeError, encodeError } from './wire-error';
export type { WireError } from './wire-error';
