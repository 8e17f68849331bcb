import { HayateError, unlessAborted } from '@hayate/core';
import type {
  BackendAttempt,
  BackendName,
  GraphFiles,
  LoadSessionOptions,
  RuntimeFile,
  Session,
} from '@hayate/core';
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { Backend } from './backend';
import { loadOrt, OrtStartError, type OrtRealm } from './ort';
import { fetchOrtFile } from './ort-files';
import { createOrtSession, messageOf } from './ort-session';
import { backends as known } from './probe-backends';

/**
 * Loads a graph in ONNX Runtime, on the first backend that can run it. By default WebGPU is tried before WebAssembly, which
 * uses half the cores as threads, 4 at most. ONNX Runtime's own file is fetched from where the bundler put it, unless
 * `loadFile` is given.
 *
 * ONNX Runtime itself fetches nothing. The graph is its bytes, a promise of them (ONNX Runtime's own file is fetched
 * meanwhile), or {@link GraphFiles}, which are read again if the session has to be recreated.
 *
 * @throws HayateError `no-backend` with the reason of every attempt; the errors of `model` and `loadFile`; the signal's
 * reason.
 */
export async function loadSession(
  model: Uint8Array | Promise<Uint8Array> | GraphFiles,
  options: LoadSessionOptions = {},
): Promise<Session> {
  const { backends: wanted = ['webgpu', 'wasm'], signal } = options;
  const files = toGraphFiles(model);
  const graph = files.graph();
  // Awaited below, but not if no backend works.
  graph.catch(() => undefined);
  const refused: BackendAttempt[] = [];
  for (const name of wanted) {
    signal?.throwIfAborted();
    const backend = known[name];
    const reason =
      backend === undefined ? 'this version of Hayate has no such backend' : await refusal(backend, wanted);
    if (backend === undefined || reason !== undefined) {
      refused.push({ backend: name, reason: reason ?? '' });
      continue;
    }
    // Another backend could not fetch these files either, so a failure is thrown as it is.
    const [bytes, realm] = await unlessAborted(Promise.all([graph, startOrt(backend, options)]), signal);
    if (realm instanceof OrtStartError) {
      refused.push({ backend: name, reason: realm.message, needsNewThread: true });
      continue;
    }
    const externalData = await unlessAborted(files.externalData(), signal);
    try {
      const first = await realm.serial(() => createInference(bytes, externalData, backend, realm, options));
      // Only a session with outputs on the device can become unusable, so only such a session is recreated.
      const mayFail = options.keepsOutputs === true && backend.outputLocation !== undefined;
      const recreate = mayFail ? recreateFrom(files, backend, realm, options) : undefined;
      const session = createOrtSession(first, realm, backend, refused, recreate);
      if (signal?.aborted) await session.dispose();
      signal?.throwIfAborted();
      return session;
    } catch (error) {
      signal?.throwIfAborted();
      refused.push({ backend: name, reason: messageOf(error) });
    }
  }
  const reasons = refused.map(({ backend, reason }) => `${backend}: ${reason}`).join('; ');
  throw new HayateError('no-backend', `No backend could load the model. ${reasons}.`, { attempts: refused });
}

function toGraphFiles(model: Uint8Array | Promise<Uint8Array> | GraphFiles): GraphFiles {
  if ('graph' in model) return model;
  return { graph: () => Promise.resolve(model), externalData: () => Promise.resolve({}) };
}

async function refusal(backend: Backend, wanted: readonly BackendName[]): Promise<string | undefined> {
  const support = await backend.probe();
  if (!support.supported) return support.reason;
  // A software GPU is slower than the CPU itself, so it is used only if no other backend is allowed.
  if (support.software && wanted.length > 1)
    return 'the only GPU adapter is a software one, slower than WebAssembly';
  return undefined;
}

function startOrt(backend: Backend, options: LoadSessionOptions): Promise<OrtRealm | OrtStartError> {
  const threads = options.threads ?? backend.threads?.() ?? 1;
  const loadFile: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>> = options.loadFile ?? fetchOrtFile;
  return loadOrt(backend.route(), threads, loadFile).catch((error: unknown) => {
    if (error instanceof OrtStartError) return error;
    throw error;
  });
}

function recreateFrom(
  files: GraphFiles,
  ...settings: [backend: Backend, realm: OrtRealm, options: LoadSessionOptions]
): () => Promise<InferenceSession> {
  return async () => createInference(await files.graph(), await files.externalData(), ...settings);
}

/** Creates ONNX Runtime's session. Must not overlap with another creation or run of the same build. */
async function createInference(
  graph: Uint8Array,
  externalData: Readonly<Record<string, Blob>>,
  backend: Backend,
  realm: OrtRealm,
  { keepsOutputs = false, config }: LoadSessionOptions,
): Promise<InferenceSession> {
  const { provider, outputLocation } = backend;
  // Only the JSPI build reads a Blob in pieces; the other builds need all its bytes.
  const mounted = await Promise.all(
    Object.entries(externalData).map(async ([path, blob]) => ({
      path,
      data: backend.route() === 'jspi' ? blob : new Uint8Array(await blob.arrayBuffer()),
    })),
  );
  return realm.ort.InferenceSession.create(graph, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Errors only: ONNX Runtime's warnings are about graphs, which a page cannot change.
    logSeverityLevel: 3,
    ...(keepsOutputs && outputLocation && { preferredOutputLocation: outputLocation }),
    ...(mounted.length > 0 && { externalData: mounted }),
    ...(config && { extra: config }),
  });
}
