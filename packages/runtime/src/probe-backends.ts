import type { BackendName } from '@hayate/core';
import type { Backend, BackendSupport } from './backend';
import { wasm } from './backends/wasm';
import { webgpu } from './backends/webgpu';
import type { OrtRoute } from './ort-files';

/** All backends. A new backend is a file in `backends/` and a line here. */
export const backends: Readonly<Partial<Record<BackendName, Backend>>> = { webgpu, wasm };

/** Checks which backends work in this environment, with the reason for each that does not. */
export async function probeBackends(): Promise<Readonly<Partial<Record<BackendName, BackendSupport>>>> {
  const probes = Object.values(backends).map(async ({ name, probe }) => [name, await probe()] as const);
  return Object.fromEntries(await Promise.all(probes));
}

/** The build of ONNX Runtime that a backend uses here, as for `ortFile`; undefined for an unknown backend. */
export function ortRoute(backend: BackendName): OrtRoute | undefined {
  return backends[backend]?.route();
}
