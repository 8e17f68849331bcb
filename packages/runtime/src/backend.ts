import type { BackendName } from '@hayate/core';
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { OrtRoute } from './ort-files';

/** Whether a backend works here, and if not, why. */
export type BackendSupport =
  | { readonly supported: true; /** Works, but in software and slowly. */ readonly software?: boolean }
  | { readonly supported: false; readonly reason: string };

/** One way to run a model. A backend is one file in `backends/`. */
export interface Backend {
  readonly name: BackendName;
  /** Asks the environment; never throws. */
  probe(): Promise<BackendSupport>;
  /** Which build of ONNX Runtime has this backend. */
  route(): OrtRoute;
  readonly provider: InferenceSession.ExecutionProviderConfig;
  /** Where outputs lie that stay on the device; undefined for a backend that computes in the CPU's memory. */
  readonly outputLocation?: 'gpu-buffer';
  /** Threads worth using when the caller does not say; undefined for a backend that has none to choose. */
  threads?(): number;
}
