import { serveFirstSession } from './session-worker.mjs';

let ort;
// As in the other one.
if (!self.name.startsWith('em-pthread')) {
  serveFirstSession(
    async (model, wasm) => {
      // Its script comes when it is needed, as in `loadSession`.
      ort = await import('onnxruntime-web/wasm');
      ort.env.wasm.wasmBinary = wasm;
      ort.env.wasm.numThreads = 1;
      ort.env.logLevel = 'error';
      return ort.InferenceSession.create(model, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
        extra: { session: { disable_quant_qdq: '1' } },
      });
    },
    async (session, picture, dims) =>
      (await session.run({ input: new ort.Tensor('float32', picture, dims) })).logits.data,
  );
}
