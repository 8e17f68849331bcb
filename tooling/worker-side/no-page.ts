// Fails to compile if worker code can use the page's globals.

// @ts-expect-error a worker has no document
export type NoDocument = typeof document;
// @ts-expect-error a worker has no window
export type NoWindow = typeof window;
