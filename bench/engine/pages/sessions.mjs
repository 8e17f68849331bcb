/** The contenders' workers; a new one each time, as ONNX Runtime is started once per realm. */
const spawn = {
  hayate: () => new Worker(new URL('./session-hayate.worker.mjs', import.meta.url), { type: 'module' }),
  plain: () => new Worker(new URL('./session-plain.worker.mjs', import.meta.url), { type: 'module' }),
};

let files;

globalThis.sessions = {
  async prepare() {
    const { efficientnetLite0 } = await import('@hayate/model-efficientnet-lite0');
    const { ortFile } = await import('../../../packages/runtime/src/index.ts');
    const addresses = [efficientnetLite0.files.model.url, ortFile('wasm').url];
    files = await Promise.all(addresses.map(async (url) => (await fetch(url)).arrayBuffer()));
  },

  /** Gives the milliseconds until a new worker's first session, and the scores of a run. */
  async first(name) {
    const worker = spawn[name]();
    try {
      await answerOf(worker); // it is there
      const [model, wasm] = files.map((file) => new Uint8Array(file.slice(0)));
      worker.postMessage({ model, wasm }, [model.buffer, wasm.buffer]);
      return await answerOf(worker);
    } finally {
      worker.terminate();
    }
  },
};

function answerOf(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
}
