import { badManifest, parseManifest, type FileStore, type Manifest } from '@hayate/core';

/** What a {@link ModelResolver} can use. */
export interface ResolveContext {
  /** Fetches a file that may change at its address: from the network, or from the store if the network does not answer. */
  file(url: string): Promise<Uint8Array<ArrayBuffer>>;
  readonly signal: AbortSignal;
}

/**
 * Returns the manifest for an address, such as that of a folder in another format; undefined if it does not know the
 * address.
 */
export type ModelResolver = (url: string, context: ResolveContext) => Promise<Manifest | undefined>;

/** Returns the manifest itself, the one of the first resolver that knows the address, or the one at the address. */
export async function resolveModel(
  model: Manifest | string,
  resolvers: readonly ModelResolver[],
  store: FileStore,
  signal: AbortSignal,
): Promise<Manifest> {
  if (typeof model !== 'string') return parseManifest(model, 'file:///');
  async function file(url: string) {
    // A manifest may change at its address. The files that it names have digests, so they do not change.
    const { bytes } = await store.getFile(url, { signal, revalidate: true });
    return bytes;
  }
  for (const resolve of resolvers) {
    const manifest = await resolve(model, { file, signal });
    // The app's own code gives it, as it may give a manifest itself.
    if (manifest !== undefined) return parseManifest(manifest, model, true);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(await file(model)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw badManifest(`${model} is not JSON`, cause);
  }
  return parseManifest(value, model);
}
