export { EngineProvider, useEngine } from './engine';
export { useClassifier } from './use-classifier';
export { useDetector } from './use-detector';
export { useFaceDetector } from './use-face-detector';
export { useStream } from './use-stream';
export type { UseStreamResult } from './use-stream';
export { useTask } from './use-task';
export type { UseTaskResult } from './use-task';
