import { within, type Place } from './within';

/** Status and headers of an address. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  /** The MIME type in lower case, without parameters; empty when there is none. */
  readonly type: string;
}

/** The absolute address, or undefined for an invalid one. */
export function absolute(url: string | URL): string | undefined {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return undefined;
  }
}

// The server's answer now, not one from the browser's cache.
const FRESH: RequestInit = { cache: 'no-store' };

/** Requests the headers of an address. Rejects as `fetch` does, or at the deadline. */
export function ask(url: string, place: Place): Promise<Said> {
  return within(place, async (signal) => {
    // `blob:` addresses do not support HEAD. Nor do some servers, which may answer with a misleading status.
    const head = url.startsWith('http') ? await fetch(url, { ...FRESH, method: 'HEAD', signal }) : undefined;
    return describe(head?.ok ? head : await getHeaders(url, signal));
  });
}

async function getHeaders(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { ...FRESH, signal });
  await response.body?.cancel();
  return response;
}

function describe({ status, headers }: Response): Said {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  return { status, headers, type: type.trim().toLowerCase() };
}
