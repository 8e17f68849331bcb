import type { BackendName } from '@hayate/core';
import type { LoadedModelInfo } from '@hayate/worker';
import type { EngineChoice } from './engine';

/** Where a model runs, in sentences. */
export interface BackendDescription {
  readonly name: BackendName;
  readonly threads: number;
  readonly where: string;
  /** Why it runs there; at least one sentence. */
  readonly reasons: readonly string[];
}

const titles: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webnn: 'WebNN',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
};

/**
 * Describes where the model of a task runs and why; without a task, or where it has no model, the last model that was
 * loaded. Undefined where none is loaded.
 */
export function describeBackend(
  models: readonly LoadedModelInfo[],
  task: string | undefined,
  choice: EngineChoice,
  isIsolated: boolean,
): BackendDescription | undefined {
  const model = models.findLast((each) => each.task === task) ?? models.at(-1);
  if (model === undefined) return undefined;
  const { backend, threads, refused } = model.placement;
  const reasons = refused.map((attempt) => `${titles[attempt.backend]} is not used: ${attempt.reason}.`);
  if (choice.backend !== 'auto') reasons.unshift('You chose it.');
  else if (refused.length === 0) reasons.push('It is the first choice, and it works here.');
  if (backend === 'wasm' && choice.threads === undefined && !isIsolated) {
    reasons.push('One thread only: the server does not isolate this page (COOP and COEP).');
  }
  return { name: backend, threads, where: where(backend, threads), reasons };
}

function where(backend: BackendName, threads: number): string {
  if (backend !== 'wasm') return `${titles[backend]}, on the graphics processor`;
  return `WebAssembly, on the processor, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}
