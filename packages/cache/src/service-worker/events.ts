/** The members of a service worker's `FetchEvent` that the listeners use. */
export interface FetchEventLike {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** The members of a service worker's `ExtendableMessageEvent` that the listeners use. */
export interface MessageEventLike {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
  waitUntil(work: Promise<unknown>): void;
}
