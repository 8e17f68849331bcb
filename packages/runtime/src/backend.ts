import type { BackendName } from '@hayate/core';
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { OrtFile, OrtRoute } from './ort-files';

/** Whether a backend works here, and if not, why. */
export type BackendSupport =
  | { readonly supported: true; /** Works, but in software and slowly. */ readonly software?: boolean }
  | { readonly supported: false; readonly reason: string };

/** Gives the bytes of one of ONNX Runtime's own files; the caller fetches, verifies and keeps them. */
export type LoadOrtFile = (file: OrtFile) => Promise<Uint8Array<ArrayBuffer>>;

/** One way to run a model. A backend is one file in `backends/`. */
export interface Backend {
  readonly name: BackendName;
  /** Asks the environment; never throws. */
  probe(): Promise<BackendSupport>;
  /** Which build of ONNX Runtime has this backend. */
  route(): OrtRoute;
  readonly provider: InferenceSession.ExecutionProviderConfig;
  /** Threads worth using when the caller does not say. */
  threads(): number;
}
