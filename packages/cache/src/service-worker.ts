export { isolate, serveIsolated } from './service-worker/isolate';
export type { IsolationOptions } from './service-worker/isolate';
export type { FetchEventLike, MessageEventLike } from './service-worker/events';
export { precacheOnMessage } from './service-worker/precache-on-message';
export { serveModels } from './service-worker/serve-models';
export type { ServeModelsOptions } from './service-worker/serve-models';
