import type { BackendName } from '@hayate/core';
import type { EngineChoice, HeldModel } from './engine';

/** Where a model runs, in words. */
export interface BackendWords {
  readonly name: BackendName;
  readonly threads: number;
  readonly where: string;
  /** Why it is this one; at least one sentence. */
  readonly reasons: readonly string[];
}

const titles: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webnn: 'WebNN',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
};

/** Says where the model that ran last runs, and why there. */
export function backendWords(
  held: readonly HeldModel[],
  choice: EngineChoice,
  isolated: boolean,
): BackendWords | undefined {
  const last = held.at(-1);
  if (last === undefined) return undefined;
  const { backend, threads, refused } = last;
  const reasons = refused.map((attempt) => `${titles[attempt.backend]} is not used: ${attempt.reason}.`);
  if (choice.backend !== 'auto') reasons.unshift('You chose it.');
  else if (refused.length === 0) reasons.push('It is the first choice, and it works here.');
  if (backend === 'wasm' && choice.threads === undefined && !isolated) {
    reasons.push('One thread only: the server does not isolate this page (COOP and COEP).');
  }
  return { name: backend, threads, where: where(backend, threads), reasons };
}

function where(backend: BackendName, threads: number): string {
  if (backend !== 'wasm') return `${titles[backend]}, on the graphics processor`;
  return `WebAssembly, on the processor, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}
