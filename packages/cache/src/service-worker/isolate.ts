import type { FetchEventLike } from './events';

/** Options of {@link isolate}. */
export interface IsolationOptions {
  /**
   * `credentialless` allows images of other sites without their permission, but Safari does not support it.
   * @defaultValue 'require-corp'
   */
  readonly embedderPolicy?: 'require-corp' | 'credentialless';
}

/**
 * The response with the headers for cross-origin isolation, for sites whose host cannot set them. A page is isolated
 * from its second visit on, when the service worker serves it.
 */
export function isolate(
  response: Response,
  { embedderPolicy = 'require-corp' }: IsolationOptions = {},
): Response {
  // Opaque redirects and network errors must reach the browser unchanged.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-embedder-policy', embedderPolicy);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

const ISOLATED: ReadonlySet<string> = new Set(['document', 'iframe', 'worker', 'sharedworker']);

/**
 * Makes a `fetch` listener that isolates pages and workers and ignores all other requests. A request that fails is not
 * answered from anywhere else. The listener returns true if it handles the event.
 */
export function serveIsolated(options: IsolationOptions = {}): (event: FetchEventLike) => boolean {
  return (event) => {
    const { request } = event;
    if (request.mode !== 'navigate' && !ISOLATED.has(request.destination)) return false;
    event.respondWith(fetch(request).then((response) => isolate(response, options)));
    return true;
  };
}
