export type { Backend, BackendSupport } from './backend';
export { ortFile } from './ort-files';
export type { OrtRoute } from './ort-files';
export { ortMemoryBytes } from './ort';
export { ortRoute, probeBackends } from './probe-backends';
export { loadSession } from './load-session';
