import { createTensor } from '@hayate/core';
import { loadSession } from '../../../packages/runtime/src/index.ts';
import { serveFirstSession } from './session-worker.mjs';

// ONNX Runtime's threads, if there were any, would be workers of this same file.
if (!self.name.startsWith('em-pthread')) {
  serveFirstSession(
    (model, wasm) =>
      loadSession(model, { backends: ['wasm'], threads: 1, loadFile: () => Promise.resolve(wasm) }),
    async (session, picture, dims) =>
      (await session.run({ input: createTensor('float32', picture, dims) })).logits.data,
  );
}
