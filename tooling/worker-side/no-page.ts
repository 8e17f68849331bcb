// Fails to compile where the page's globals can be reached from worker code.

// @ts-expect-error a worker has no document
export type NoDocument = typeof document;
// @ts-expect-error a worker has no window
export type NoWindow = typeof window;
