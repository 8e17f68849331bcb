interface FileModule {
  readFile(path: URL, options: { readonly signal?: AbortSignal }): Promise<Uint8Array>;
}

/**
 * The bytes of a `file:` address, in Node, whose `fetch` does not take one. Rejects as `readFile` does,
 * and in a browser, which has no such module.
 */
export async function readLocalFile(
  url: string | URL,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  // In a variable, so that bundlers for the browser do not look for a Node module.
  const specifier = 'node:fs/promises';
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as FileModule;
  return new Uint8Array(await readFile(new URL(url), signal ? { signal } : {}));
}
