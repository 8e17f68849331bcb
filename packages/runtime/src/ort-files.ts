import { fileCorrupt, fileUnreachable, isHayateError, readLocalFile, type RuntimeFile } from '@hayate/core';

/** A build of ONNX Runtime: for the CPU, for WebGPU with JSPI, or for WebGPU with asyncify. */
export type OrtRoute = 'wasm' | 'jspi' | 'asyncify';

// The files of onnxruntime-web 1.30.0. A test compares these numbers with the installed package.
const WASM = {
  bytes: 14_239_897,
  sha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
};
const JSPI = {
  bytes: 16_758_545,
  sha256: 'a54c76f86b0f0d9572380cf1c6292a7b3903716ffcbcd6b0e5c7050bf430eb93',
};
const ASYNCIFY = {
  bytes: 26_781_914,
  sha256: '39f9f0894d478800487ed9f7dbe92618498db320cf55c8e3d89adff8dce658da',
};

/** The WebAssembly file of a build. Bundlers see the addresses and ship the files; in Node they are resolved. */
export function ortFile(route: OrtRoute): RuntimeFile {
  switch (route) {
    case 'wasm':
      return locate(new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url), WASM);
    case 'jspi':
      return locate(new URL('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm', import.meta.url), JSPI);
    case 'asyncify':
      return locate(
        new URL('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm', import.meta.url),
        ASYNCIFY,
      );
  }
}

function locate(bundled: URL, file: Omit<RuntimeFile, 'url'>): RuntimeFile {
  // Without a bundler the address is only the package's name appended to this file's folder, so `resolve` finds the file.
  const [, name] = /\/(onnxruntime-web\/[^/?]+\.wasm)$/.exec(bundled.pathname) ?? [];
  const { resolve } = import.meta as { resolve?: (specifier: string) => string };
  return { url: name !== undefined && resolve !== undefined ? resolve(name) : bundled.href, ...file };
}

/**
 * Fetches one of ONNX Runtime's files and checks its length, but not its digest. `@hayate/cache` also verifies and stores.
 *
 * @throws HayateError `model-unreachable`, `model-corrupt` for another length.
 */
export async function fetchOrtFile({ url, bytes }: RuntimeFile): Promise<Uint8Array<ArrayBuffer>> {
  const data = await (url.startsWith('file:') ? readLocalFile(url) : download(url)).catch(
    (cause: unknown) => {
      if (isHayateError(cause)) throw cause;
      throw fileUnreachable(url, undefined, 'there was no answer', cause);
    },
  );
  if (data.length === bytes) return data;
  throw fileCorrupt(url, `${bytes} bytes`, `${data.length} bytes`);
}

async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw fileUnreachable(url, response.status, `the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
