import { HayateError, unlessAborted } from '@hayate/core';
import type { BackendAttempt, BackendName, Session, TensorInfo } from '@hayate/core';
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { Backend, LoadOrtFile } from './backend';
import { loadOrt, OrtStartError, type OrtRealm } from './ort';
import { fetchOrtFile } from './ort-files';
import { fromOrtTensor, toOrtTensor } from './ort-tensor';
import { backends as known } from './probe-backends';

/** Options of {@link loadSession}. */
export interface SessionOptions {
  /** Tried in this order. @defaultValue ['webgpu', 'wasm'] */
  readonly backends?: readonly BackendName[];
  /** Threads of the WebAssembly backend, for the first session of a realm. By default half the cores, 4 at most. */
  readonly threads?: number;
  /**
   * Leave outputs on the GPU, to be fed to a session there or downloaded: `location` tells where each is. Who is given
   * one disposes of it. Without a GPU it changes nothing. @defaultValue false
   */
  readonly keepOnDevice?: boolean;
  /** Where ONNX Runtime's own files come from; by default they are fetched from beside the code. */
  readonly loadOrtFile?: LoadOrtFile;
  readonly signal?: AbortSignal;
}

/**
 * Loads a model on the first backend that takes it. The bytes are always handed in: ONNX Runtime fetches nothing.
 * A promise of them is awaited while ONNX Runtime's own file comes.
 *
 * @throws HayateError `no-backend` with the reason of every attempt; `AbortError`.
 */
export async function loadSession(
  model: Uint8Array | Promise<Uint8Array>,
  options: SessionOptions = {},
): Promise<Session> {
  const { backends: wanted = ['webgpu', 'wasm'], signal, loadOrtFile = fetchOrtFile } = options;
  const refused: BackendAttempt[] = [];
  // Awaited below, unless every backend is refused before.
  if (model instanceof Promise) model.catch(() => undefined);
  for (const name of wanted) {
    signal?.throwIfAborted();
    const backend = known[name];
    const reason =
      backend === undefined ? 'this version of Hayate has no such backend' : await refusal(backend, wanted);
    if (backend === undefined || reason !== undefined) {
      refused.push({ backend: name, reason: reason ?? '' });
      continue;
    }
    const threads = options.threads ?? backend.threads();
    const starting = loadOrt(backend.route(), threads, loadOrtFile).catch((error: unknown) => {
      if (error instanceof OrtStartError) return error;
      throw error;
    });
    // What stands between us and these files is not the backend's fault: it is thrown as it is.
    const [bytes, realm] = await unlessAborted(Promise.all([model, starting]), signal);
    if (realm instanceof OrtStartError) {
      refused.push({ backend: name, reason: realm.message, needsNewThread: true });
      continue;
    }
    try {
      const session = await realm.serial(() =>
        realm.ort.InferenceSession.create(bytes, sessionOptions(backend, options.keepOnDevice)),
      );
      const wrapped = wrap(session, realm, backend, refused);
      if (signal?.aborted) await wrapped.dispose();
      signal?.throwIfAborted();
      return wrapped;
    } catch (error) {
      signal?.throwIfAborted();
      refused.push({ backend: name, reason: messageOf(error) });
    }
  }
  const reasons = refused.map(({ backend, reason }) => `${backend}: ${reason}`).join('; ');
  throw new HayateError('no-backend', `No backend could load the model. ${reasons}.`, { attempts: refused });
}

async function refusal(backend: Backend, wanted: readonly BackendName[]): Promise<string | undefined> {
  const support = await backend.probe();
  if (!support.supported) return support.reason;
  // A GPU made of software is slower than the CPU itself; it serves who asks for nothing else.
  if (support.software && wanted.length > 1)
    return 'the only GPU adapter is a software one, slower than WebAssembly';
  return undefined;
}

function sessionOptions({ name, provider }: Backend, keepOnDevice = false): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Errors only, as for ONNX Runtime itself: its warnings are of graphs, and nobody on the page can do anything.
    logSeverityLevel: 3,
    ...(keepOnDevice && name === 'webgpu' && { preferredOutputLocation: 'gpu-buffer' }),
    // Folds DequantizeLinear of int8 weights into float ones once, instead of at every run.
    extra: { session: { disable_quant_qdq: '1' } },
  };
}

function wrap(
  session: InferenceSession,
  realm: OrtRealm,
  backend: Backend,
  refused: readonly BackendAttempt[],
): Session {
  const { ort, serial } = realm;
  let disposed = false;

  return {
    backend: backend.name,
    // ONNX Runtime lowers the number itself where there is no shared memory.
    threads: backend.name === 'wasm' ? (ort.env.wasm.numThreads ?? 1) : 1,
    refused: [...refused],
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),

    async run(feeds, { signal } = {}) {
      if (disposed) throw new HayateError('disposed', 'The session has been disposed.', {});
      checkFeeds(Object.keys(feeds), session.inputNames);
      return serial(async () => {
        signal?.throwIfAborted();
        const ortFeeds = Object.fromEntries(
          Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(ort, tensor)]),
        );
        const outputs = await session.run(ortFeeds).catch((cause: unknown) => {
          throw failed(backend.name, cause);
        });
        try {
          signal?.throwIfAborted();
          return Object.fromEntries(
            Object.entries(outputs).map(([name, tensor]) => [name, fromOrtTensor(name, tensor)]),
          );
        } catch (error) {
          // Nobody is given them: what lies on the GPU would stay there.
          for (const tensor of Object.values(outputs)) tensor.dispose();
          throw error;
        }
      });
    },

    async dispose() {
      if (disposed) return;
      disposed = true;
      await serial(() => session.release());
    },
  };
}

function describe(info: InferenceSession.ValueMetadata): TensorInfo {
  return info.isTensor
    ? { name: info.name, type: info.type, dims: info.shape }
    : { name: info.name, type: 'not a tensor', dims: [] };
}

function checkFeeds(given: readonly string[], needed: readonly string[]): void {
  const missing = needed.filter((name) => !given.includes(name));
  const unknown = given.filter((name) => !needed.includes(name));
  if (missing.length + unknown.length === 0) return;
  const reason = `the model's inputs are ${needed.join(', ')}, but it was given ${given.join(', ') || 'none'}`;
  throw new HayateError('bad-input', `The model cannot run: ${reason}.`, { reason });
}

function failed(backend: BackendName, cause: unknown): HayateError {
  const reason = messageOf(cause);
  if (/device (is |was )?lost/i.test(reason)) {
    return new HayateError('device-lost', `The GPU was lost: ${reason}`, { backend, reason }, { cause });
  }
  return new HayateError(
    'session-failed',
    `ONNX Runtime failed on ${backend}: ${reason}`,
    { backend, reason },
    { cause },
  );
}

// ONNX Runtime also throws bare numbers: addresses of exceptions in its memory.
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `ONNX Runtime failed (${String(error)})`;
}
