import type { BackendName } from '@hayate/core';
import type { Backend, BackendSupport } from './backend';
import { wasm } from './backends/wasm';
import { webgpu } from './backends/webgpu';
import type { OrtRoute } from './ort-files';

/** The backends there are; a new one is a file in `backends/` and a line here. */
export const backends: Readonly<Partial<Record<BackendName, Backend>>> = { webgpu, wasm };

/** Asks the environment which backends work here, with the reason for each that does not. */
export async function probeBackends(): Promise<Readonly<Partial<Record<BackendName, BackendSupport>>>> {
  const probes = Object.values(backends).map(async ({ name, probe }) => [name, await probe()] as const);
  return Object.fromEntries(await Promise.all(probes));
}

/** Which build of ONNX Runtime a backend takes here, as for `ortFile`; undefined for a backend that there is not. */
export function ortRoute(backend: BackendName): OrtRoute | undefined {
  return backends[backend]?.route();
}
