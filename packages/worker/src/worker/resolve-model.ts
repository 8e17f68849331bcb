import { badManifest, parseManifest, type FileStore, type Manifest } from '@hayate/core';

/** What a {@link ModelResolver} is handed. */
export interface ResolveContext {
  /** The bytes of a file that may change at its address: the network is asked first, the store where it is silent. */
  file(url: string): Promise<Uint8Array<ArrayBuffer>>;
  readonly signal: AbortSignal;
}

/**
 * Finds the manifest that belongs to an address, such as that of a folder in another format; undefined for an address
 * that is none of its own.
 */
export type ModelResolver = (url: string, context: ResolveContext) => Promise<Manifest | undefined>;

/** The manifest itself, what the first resolver that knows the address gives, or the manifest at the address. */
export async function resolveModel(
  model: Manifest | string,
  resolvers: readonly ModelResolver[],
  store: FileStore,
  signal: AbortSignal,
): Promise<Manifest> {
  if (typeof model !== 'string') return parseManifest(model, 'file:///');
  async function file(url: string) {
    // A manifest changes at its address; its files, by their digests, do not.
    const { bytes } = await store.getFile(url, { signal, revalidate: true });
    return bytes;
  }
  for (const resolve of resolvers) {
    const manifest = await resolve(model, { file, signal });
    if (manifest !== undefined) return parseManifest(manifest, model);
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
