interface FileModule {
  readFile(path: URL, options: { readonly signal?: AbortSignal }): Promise<Uint8Array>;
}

/**
 * Reads the bytes of a `file:` address in Node, whose `fetch` does not accept such addresses. Rejects as `readFile` does,
 * and always in a browser.
 */
export async function readLocalFile(
  url: string | URL,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  // The module's name is in a variable, so that bundlers for the browser do not look for a Node module.
  const specifier = 'node:fs/promises';
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as FileModule;
  return new Uint8Array(await readFile(new URL(url), signal ? { signal } : {}));
}
