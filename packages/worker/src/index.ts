export { connectEngine } from './connect-engine';
export type { ConnectOptions } from './connect-engine';
export { createEngine } from './create-engine';
export type { EngineOptions } from './create-engine';
export type { DecodeImage } from './read-image';
export type { RemoteOptions } from './protocol';
