export { EngineProvider, useEngine } from './engine';
export { useClassifier } from './use-classifier';
export { useTask } from './use-task';
export type { UseTaskResult } from './use-task';
