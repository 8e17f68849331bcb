/** One fault of a page. */
export interface Finding {
  /** What was checked; `csp` is a Content-Security-Policy that blocks something. */
  readonly check:
    | 'secure-context'
    | 'isolation'
    | 'webassembly'
    | 'simd'
    | 'csp'
    | 'worker'
    | 'file'
    | 'storage'
    | 'locks'
    | 'webgpu';
  /** `error`: no model runs. `warning`: models run, but slower or with limits. `info`: no effect on models. */
  readonly severity: 'error' | 'warning' | 'info';
  /** The fault and its effect. */
  readonly message: string;
  /** What to do: a header to send, an option to set, a place to look. */
  readonly remedy: string;
}

export function findingOf(
  severity: Finding['severity'],
  check: Finding['check'],
  message: string,
  remedy: string,
): Finding {
  return { check, severity, message, remedy };
}

/** The message of an error without its final full stop, for use inside a sentence. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replace(/\.+$/, '');
}
