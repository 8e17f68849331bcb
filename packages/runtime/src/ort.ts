import { createSerial, type RuntimeFile } from '@hayate/core';
import { ortFile, type OrtRoute } from './ort-files';

/** The API of ONNX Runtime Web, which is the same for every build. */
export type Ort = typeof import('onnxruntime-web/wasm');

/** A build of ONNX Runtime that is set up in this realm. */
export interface OrtRealm {
  readonly ort: Ort;
  /** Runs jobs one at a time: within a build, creating a session and a run on the GPU are not re-entrant. */
  readonly serial: ReturnType<typeof createSerial>;
}

/** Returns the bytes of one of ONNX Runtime's own files, which it may also verify and store. */
type LoadRuntimeFile = (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>;

/** The error for a build that failed to start. The build cannot be started again in this realm. */
export class OrtStartError extends Error {
  override readonly name = 'OrtStartError';
}

/** Starts builds one at a time, so that {@link watchMemory} finds the memory of each. */
const startSerial = createSerial();

/** The memories of all builds. A memory grows and never shrinks. */
const memories: WebAssembly.Memory[] = [];

const realms = new Map<OrtRoute, Promise<OrtRealm>>();

/**
 * Returns the build for `route`, which is started once per realm: its number of threads cannot change later. After a
 * failure to fetch its file the next call tries again; a failure during its start is final in this realm.
 *
 * @throws OrtStartError if the start fails; the errors of `loadFile`.
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
  // ONNX Runtime needs no worker of its own, because the engine already runs in one.
  ort.env.wasm.proxy = false;
  ort.env.logLevel = 'error';
  await startSerial(() => start(ort));
  return { ort, serial: createSerial() };
}

/** Compiles and starts a build while the model still downloads. ONNX Runtime itself would do so at the first session. */
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

/** Records the memory that ONNX Runtime creates at its start, for which it has no API. */
function watchMemory() {
  const { Memory } = WebAssembly;
  const watch = {
    memory: undefined as WebAssembly.Memory | undefined,
    end() {
      WebAssembly.Memory = Memory;
    },
  };
  // A proxy and not a subclass, so that `instanceof` still works for memories that other code creates meanwhile.
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new target(descriptor);
      // A memory of 0 pages is a probe for shared memory.
      if (descriptor.maximum !== 0) watch.memory ??= memory;
      return memory;
    },
  });
  return watch;
}

// An ONNX model of one Identity node, for one float.
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
