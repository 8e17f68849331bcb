import { readLocalFile } from '@hayate/core';

/** What a module can be compiled from: an address, a response or bytes; or the module itself. */
export type WasmSource = URL | string | Response | BufferSource | WebAssembly.Module;

/**
 * Compiles `source`. Addresses are fetched, except `file:` in Node, which has no fetch for it;
 * strings are relative to the page, or to this file where there is no page.
 *
 * Throws the error that prevented it: a network error, an Error naming the HTTP status, a
 * `WebAssembly.CompileError`, or the signal's reason.
 */
export async function compile(source: WasmSource, signal?: AbortSignal): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof Response) return compileResponse(source);
  if (source instanceof URL || typeof source === 'string') {
    const url = new URL(source, globalThis.location?.href ?? import.meta.url);
    if (url.protocol === 'file:' && isNode()) {
      return WebAssembly.compile(await readLocalFile(url, signal));
    }
    return compileResponse(await fetch(url, signal ? { signal } : undefined));
  }
  return WebAssembly.compile(source);
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  const type = response.headers.get('content-type')?.trim().toLowerCase();
  // Streaming refuses anything else, parameters included, and not every server knows the type.
  if (type === 'application/wasm' && typeof WebAssembly.compileStreaming === 'function') {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

function isNode(): boolean {
  const host = globalThis as { process?: { versions?: { node?: string } } };
  return host.process?.versions?.node !== undefined;
}
