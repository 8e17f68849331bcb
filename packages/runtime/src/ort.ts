import { createSerial, type RuntimeFile } from '@hayate/core';
import { ortFile, type OrtRoute } from './ort-files';

/** The API of ONNX Runtime Web; every build has the same. */
export type Ort = typeof import('onnxruntime-web/wasm');

/** A build of ONNX Runtime that is set up in this realm. */
export interface OrtRealm {
  readonly ort: Ort;
  /** Creating and running must not overlap within a build: its start is not re-entrant, nor is a GPU run. */
  readonly serial: ReturnType<typeof createSerial>;
}

/** Gives the bytes of one of ONNX Runtime's own files; the caller fetches, verifies and keeps them. */
type LoadRuntimeFile = (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>;

/** Why a build could not start; it will not start in this realm any more. */
export class OrtStartError extends Error {
  override readonly name = 'OrtStartError';
}

/** One start at a time, so that each finds its own memory. */
const startSerial = createSerial();

/** Those of all builds; each grows and never shrinks. */
const memories: WebAssembly.Memory[] = [];

const realms = new Map<OrtRoute, Promise<OrtRealm>>();

/**
 * The build for `route`, started once per realm: its thread count cannot change afterwards.
 * A failure before ONNX Runtime starts is forgotten; one during its start cannot be repaired in the same realm.
 *
 * @throws OrtStartError for the latter, and whatever `loadFile` throws.
 */
export function loadOrt(route: OrtRoute, threads: number, loadFile: LoadRuntimeFile): Promise<OrtRealm> {
  const known = realms.get(route);
  if (known !== undefined) return known;
  const realm = setUp(route, threads, loadFile);
  realms.set(route, realm);
  realm.catch((error: unknown) => {
    if (!(error instanceof OrtStartError)) realms.delete(route);
  });
  return realm;
}

/** The WebAssembly memory of all builds that run in this realm, in bytes. */
export function ortMemoryBytes(): number {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

async function setUp(route: OrtRoute, threads: number, loadFile: LoadRuntimeFile): Promise<OrtRealm> {
  const [ort, wasmBinary] = await Promise.all([importOrt(route), loadFile(ortFile(route))]);
  ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.wasm.numThreads = threads;
  // The engine already runs in a worker of its own.
  ort.env.wasm.proxy = false;
  ort.env.logLevel = 'error';
  await startSerial(() => start(ort));
  return { ort, serial: createSerial() };
}

/** Compiles and starts a build while the model is still on its way; it would wait for the first session otherwise. */
async function start(ort: Ort): Promise<void> {
  const watch = watchMemory();
  try {
    const session = await ort.InferenceSession.create(IDENTITY, { executionProviders: ['wasm'] });
    await session.release();
    if (watch.memory) memories.push(watch.memory);
  } catch (cause) {
    throw new OrtStartError(cause instanceof Error ? cause.message : String(cause), { cause });
  } finally {
    watch.end();
  }
}

/** Notes the memory that ONNX Runtime makes at its start, for it tells nobody. */
function watchMemory() {
  const { Memory } = WebAssembly;
  const watch = {
    memory: undefined as WebAssembly.Memory | undefined,
    end() {
      WebAssembly.Memory = Memory;
    },
  };
  // A proxy, not a subclass: `instanceof` must go on to work for memories that others make meanwhile.
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new target(descriptor);
      // One without room is a probe for shared memory.
      if (descriptor.maximum !== 0) watch.memory ??= memory;
      return memory;
    },
  });
  return watch;
}

// An ONNX model that gives back its input, one float.
const IDENTITY = new Uint8Array([
  8, 8, 58, 55, 10, 16, 10, 1, 120, 18, 1, 121, 34, 8, 73, 100, 101, 110, 116, 105, 116, 121, 18, 1, 103, 90,
  15, 10, 1, 120, 18, 10, 10, 8, 8, 1, 18, 4, 10, 2, 8, 1, 98, 15, 10, 1, 121, 18, 10, 10, 8, 8, 1, 18, 4, 10,
  2, 8, 1, 66, 4, 10, 0, 16, 13,
]);

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
