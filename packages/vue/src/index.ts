export { hayate, provideEngine, useEngine } from './engine';
export { useClassifier } from './use-classifier';
export { useTask } from './use-task';
export type { UseTaskReturn } from './use-task';
