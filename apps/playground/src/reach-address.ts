/**
 * Checks that this page may fetch from an address, before a worker tries: only a page is told which rule of its policy
 * refused it.
 *
 * @throws Error whose message is for the person.
 */
export async function reachAddress(address: string): Promise<URL> {
  let url: URL;
  try {
    url = new URL(address, location.href);
  } catch {
    throw new Error(`“${address}” is not an address.`);
  }
  let isForbidden = false;
  const watching = new AbortController();
  document.addEventListener(
    'securitypolicyviolation',
    ({ effectiveDirective }) => {
      if (effectiveDirective === 'connect-src') isForbidden = true;
    },
    { signal: watching.signal },
  );
  try {
    const response = await fetch(url, { method: 'HEAD' });
    if (response.ok) return url;
    throw new Error(`The server at ${url.origin} answers ${response.status}.`);
  } catch (error) {
    // The browser reports a violation in a later task.
    await new Promise((resolve) => setTimeout(resolve));
    if (isForbidden) {
      throw new Error(
        `This page’s policy (Content-Security-Policy: connect-src 'self') lets it fetch from its own server only, ` +
          `${location.origin}, not from ${url.origin}.`,
        { cause: error },
      );
    }
    if (!(error instanceof TypeError)) throw error;
    throw new Error(
      `There was no answer from ${url.origin}, or its server does not let other sites fetch (CORS).`,
      { cause: error },
    );
  } finally {
    watching.abort();
  }
}
