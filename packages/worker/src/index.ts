export { connectEngine } from './connect-engine';
export type { ConnectOptions } from './connect-engine';
export { createEngine } from './create-engine';
export type { EngineOptions } from './create-engine';
export { diagnose } from './diagnose';
export type { Diagnosis, DiagnoseOptions, Finding } from './diagnose';
export type { DecodeImage } from './read-image';
export type { RemoteOptions } from './protocol';
