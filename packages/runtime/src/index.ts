export type { Backend, BackendSupport, LoadOrtFile } from './backend';
export { ortFile } from './ort-files';
export type { OrtFile, OrtRoute } from './ort-files';
export { ortMemoryBytes } from './ort';
export { ortRoute, probeBackends } from './probe-backends';
export { loadSession } from './load-session';
export type { SessionOptions } from './load-session';
