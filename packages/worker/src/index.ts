export { connectEngine } from './connect-engine';
export type { ConnectedEngine, ConnectOptions } from './connect-engine';
export { createEngine } from './create-engine';
export type { EngineOptions } from './create-engine';
export type { QueuedEngineOptions } from './engine';
export type { Caution, RemoteOptions } from './protocol';
export type { DecodeImage } from './read-image';
export type { QueueOptions } from './run-queue';
export type { EngineHealth, RecycleOptions, RestartOptions } from './supervisor';
