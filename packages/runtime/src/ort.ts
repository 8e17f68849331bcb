import { createSerial } from '@hayate/core';
import type { LoadOrtFile } from './backend';
import { ortFile, type OrtRoute } from './ort-files';

/** The API of ONNX Runtime Web; every build has the same. */
export type Ort = typeof import('onnxruntime-web/wasm');

/** A build of ONNX Runtime that is set up in this realm. */
export interface OrtRealm {
  readonly ort: Ort;
  /** Creating and running must not overlap within a build: its start is not re-entrant, nor is a GPU run. */
  readonly serial: ReturnType<typeof createSerial>;
}

const realms = new Map<OrtRoute, Promise<OrtRealm>>();

/**
 * The build for `route`, set up once per realm: its thread count cannot change afterwards.
 * A failure before ONNX Runtime starts is forgotten; one during its start cannot be repaired in the same realm.
 */
export function loadOrt(route: OrtRoute, threads: number, loadFile: LoadOrtFile): Promise<OrtRealm> {
  const known = realms.get(route);
  if (known !== undefined) return known;
  const realm = setUp(route, threads, loadFile);
  realms.set(route, realm);
  realm.catch(() => realms.delete(route));
  return realm;
}

async function setUp(route: OrtRoute, threads: number, loadFile: LoadOrtFile): Promise<OrtRealm> {
  const [ort, wasmBinary] = await Promise.all([importOrt(route), loadFile(ortFile(route))]);
  ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.wasm.numThreads = threads;
  // The engine already runs in a worker of its own.
  ort.env.wasm.proxy = false;
  ort.env.logLevel = 'error';
  return { ort, serial: createSerial() };
}

// Each build is a chunk of its own, so that a page loads only the one it uses.
function importOrt(route: OrtRoute): Promise<Ort> {
  switch (route) {
    case 'wasm':
      return import('onnxruntime-web/wasm');
    case 'jspi':
      return import('onnxruntime-web/jspi');
    case 'asyncify':
      return import('onnxruntime-web/webgpu');
  }
}
