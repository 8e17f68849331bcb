import type { ImagePlanSpec } from './image-plan-spec';

import { loadVision } from './vision';

/** A module from the page and a picture for it. */
export interface Job {
  readonly module: WebAssembly.Module;
  readonly spec: ImagePlanSpec<'float32'>;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** The picture's tensor, and the addresses of modules that were requested on the way. */
export interface Answer {
  readonly tensor: Float32Array;
  readonly requests: readonly string[];
}

const requests: string[] = [];
const ask = globalThis.fetch;
globalThis.fetch = (input, init) => {
  requests.push(input instanceof Request ? input.url : String(input));
  return ask(input, init);
};

globalThis.onmessage = async ({ data }: MessageEvent<Job>) => {
  const { module, spec, width, height, bytes } = data;
  const { imagePlan } = await loadVision({ wasm: module });
  const plan = imagePlan(spec);
  plan.input(width, height, 'rgba').set(bytes);
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const answer: Answer = {
    tensor: plan.run().slice(),
    requests: [...requests, ...loaded.filter((name) => name.includes('.wasm'))],
  };
  globalThis.postMessage(answer);
};
