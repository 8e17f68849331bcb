export { hayate, provideEngine, useEngine } from './engine';
export { useClassifier } from './use-classifier';
export { useDetector } from './use-detector';
export { useFaceDetector } from './use-face-detector';
export { useStream } from './use-stream';
export type { UseStreamReturn } from './use-stream';
export { useTask } from './use-task';
export type { UseTaskReturn } from './use-task';
