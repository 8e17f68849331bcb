/** Where a session computes. The order is not a ranking. */
export type BackendName = 'webgpu' | 'webnn' | 'webgl' | 'wasm';

/** Why a backend was not used. */
export interface BackendAttempt {
  readonly backend: BackendName;
  readonly reason: string;
  /** The backend can no longer start in this thread, but may start in a new worker. */
  readonly needsNewThread?: true;
}

/** What each error code carries in `details`. `docs/errors.md` has a section per code. */
export interface ErrorDetails {
  /** The file could not be fetched. `status` is the HTTP status, undefined when there was no answer. */
  'model-unreachable': { readonly url: string; readonly status: number | undefined };
  /**
   * The bytes have another digest or length than the manifest says, or are a page of HTML. Retryable: a proxy or the
   * login page of a network may have answered.
   */
  'model-corrupt': { readonly url: string; readonly expected: string; readonly actual: string };
  /** The manifest is malformed, or the model's inputs or outputs are not what the task needs. */
  'bad-model': { readonly reason: string };
  /** The input or an option cannot be used. */
  'bad-input': { readonly reason: string };
  /**
   * The camera cannot be used: it is not allowed, missing, in use elsewhere or unplugged, or the page has no access.
   * Retryable unless `unsupported`.
   */
  'camera-unavailable': { readonly reason: 'denied' | 'missing' | 'busy' | 'lost' | 'unsupported' };
  /** No backend could run the model; every attempt is listed with its reason. */
  'no-backend': { readonly attempts: readonly BackendAttempt[] };
  /** ONNX Runtime failed while running the model. */
  'session-failed': { readonly backend: BackendName; readonly reason: string };
  /** The GPU was lost. Retryable: with `connectEngine` the next call starts a new worker. */
  'device-lost': { readonly backend: BackendName; readonly reason: string };
  /** The WebAssembly kernels could not be fetched or compiled. */
  'kernels-unavailable': { readonly reason: string };
  /** The WebAssembly kernels trapped. Retryable: the next call starts them anew. */
  'kernels-crashed': { readonly reason: string };
  /** The worker died while the call was waiting. Retryable: the next call starts a new one. */
  'worker-crashed': { readonly reason: string };
  /** The worker never answered: its script could not be loaded or started. Retryable. */
  'worker-unreachable': { readonly reason: string };
  /** The call took longer than its deadline. Retryable: a worker that was stuck has been replaced. */
  'deadline-exceeded': { readonly deadlineMs: number };
  /** More runs wait than the queue may hold, or the model is busy and the run's policy is `reject`. Retryable. */
  'queue-full': { readonly limit: number };
  /** The browser refused to store the model. A warning: the bytes stay in memory. */
  'storage-refused': { readonly reason: string };
  /** The engine was not given the pipeline of this task. */
  'unknown-task': { readonly task: string; readonly known: readonly string[] };
  /** The object was used after `dispose` or `release`. */
  disposed: Record<never, never>;
  /** A fault in Hayate itself. Please report it. */
  internal: { readonly reason: string };
}

/** The codes a {@link HayateError} can have. */
export type ErrorCode = keyof ErrorDetails;

/** The codes that are retryable whatever their details; see {@link HayateError.retryable}. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-unreachable',
  'model-corrupt',
  'device-lost',
  'kernels-unavailable',
  'kernels-crashed',
  'worker-crashed',
  'worker-unreachable',
  'deadline-exceeded',
  'queue-full',
]);

// A registered symbol, so that two copies of this package recognise each other's errors.
const brand = Symbol.for('hayate.error');

/** The one error class of Hayate: a literal `code`, details typed per code, and the cause. */
export class HayateError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'HayateError';
  readonly code: Code;
  readonly details: ErrorDetails[Code];
  /**
   * Whether the same call may succeed when it is repeated without any change to it or to the app: by then a network or
   * a camera may be available, and a worker that was stuck has been replaced.
   */
  readonly retryable: boolean;

  constructor(
    code: Code,
    message: string,
    details: ErrorDetails[Code],
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
    this.retryable = RETRYABLE.has(code) || isCameraThatMayCome(code, details);
    Object.defineProperty(this, brand, { value: true });
  }
}

/** A camera may be allowed, plugged in or free at the next attempt, unless the page has no access to cameras. */
function isCameraThatMayCome(code: ErrorCode, details: object): boolean {
  return code === 'camera-unavailable' && 'reason' in details && details.reason !== 'unsupported';
}

/** Any Hayate error; checking `code` narrows `details`. */
export type AnyHayateError = { [Code in ErrorCode]: HayateError<Code> }[ErrorCode];

/** Whether `value` is a {@link HayateError} of this or another copy of the package. */
export function isHayateError(value: unknown): value is AnyHayateError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Whether `value` is the platform's `AbortError`, which is never a HayateError. */
export function isAbortError(value: unknown): boolean {
  return value instanceof Error && value.name === 'AbortError';
}

/** `value` itself when it is a HayateError, else an `internal` error with it as its cause. */
export function toHayateError(value: unknown): AnyHayateError {
  if (isHayateError(value)) return value;
  const reason = value instanceof Error ? value.message : String(value);
  return new HayateError('internal', `Something unexpected failed: ${reason}`, { reason }, { cause: value });
}
