export { EngineProvider, useEngine } from './engine';
export { useLive } from './use-live';
export type { UseLiveResult } from './use-live';
export { taskHook, useTask } from './use-task';
export type { UseTaskResult } from './use-task';
export * from './vision';
