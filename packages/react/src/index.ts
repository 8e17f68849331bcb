export { EngineProvider, useEngine } from './engine';
export { useClassifier } from './use-classifier';
export { useDetector } from './use-detector';
export { useFaceDetector } from './use-face-detector';
export { useLive } from './use-live';
export type { UseLiveResult } from './use-live';
export { useTask } from './use-task';
export type { UseTaskResult } from './use-task';
