import type { BackendName } from '@hayate/core';
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { OrtRoute } from './ort-files';

/** Whether a backend works here, and if not, why. */
export type BackendSupport =
  | { readonly supported: true; /** Works, but in software and slowly. */ readonly software?: boolean }
  | { readonly supported: false; readonly reason: string };

/** Where ONNX Runtime computes. A backend is one file in `backends/`. */
export interface Backend {
  readonly name: BackendName;
  /** Checks whether the backend works in this environment. Never throws. */
  probe(): Promise<BackendSupport>;
  /** Which build of ONNX Runtime has this backend. */
  route(): OrtRoute;
  /** ONNX Runtime's execution provider, with its options. */
  readonly provider: InferenceSession.ExecutionProviderConfig;
  /** ONNX Runtime's location of outputs that stay on the device; undefined for a backend that computes on the CPU. */
  readonly outputLocation?: 'gpu-buffer';
  /** The default number of threads; undefined for a backend whose number cannot be chosen. */
  threads?(): number;
}
