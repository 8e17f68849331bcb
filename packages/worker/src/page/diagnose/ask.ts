import { within, type Place } from './within';

/** What a server says of an address, without its body. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  /** The MIME type in lower case, without parameters; empty when there is none. */
  readonly type: string;
}

/** An address in full, or undefined if it is none. */
export function absolute(url: string | URL): string | undefined {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return undefined;
  }
}

// What the server says now, not what the browser kept.
const FRESH: RequestInit = { cache: 'no-store' };

/** Asks for the headers of an address. Rejects as `fetch` does, or at the deadline. */
export function ask(url: string, place: Place): Promise<Said> {
  return within(place, async (signal) => {
    // A blob knows no HEAD; nor do some servers, and some of these say so by the wrong status.
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
