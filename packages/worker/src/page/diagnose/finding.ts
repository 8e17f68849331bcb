/** One thing that a page lacks. */
export interface Finding {
  /** What was looked at; `csp` is a Content-Security-Policy that refuses something. */
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
  /** `error`: no model runs. `warning`: it runs, but worse than it could. `info`: good to know. */
  readonly severity: 'error' | 'warning' | 'info';
  /** What is lacking, and its effect. */
  readonly message: string;
  /** What to do: a header's line, an option, a place to look. */
  readonly remedy: string;
}

/** Makes a finding; its parts in the order in which they are read. */
export function findingOf(
  severity: Finding['severity'],
  check: Finding['check'],
  message: string,
  remedy: string,
): Finding {
  return { check, severity, message, remedy };
}

/** What an error says, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replace(/\.+$/, '');
}
