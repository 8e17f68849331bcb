import { findingOf, reasonOf, type Finding } from './diagnose/finding';
import { engineUrls, probeFiles } from './diagnose/probe-files';
import { probeIsolation } from './diagnose/probe-isolation';
import { probeLocks, probeStorage } from './diagnose/probe-storage';
import { probeBackendSupport, probeWebAssembly } from './diagnose/probe-webassembly';
import { probeWorker } from './diagnose/probe-worker';
import { watchViolations } from './diagnose/watch-violations';

export type { Finding } from './diagnose/finding';

/** Options of {@link diagnose}. */
export interface DiagnoseOptions {
  /** Makes the app's worker, as for `connectEngine`. It is started once more and ended. */
  readonly spawn?: () => Worker;
  /**
   * Addresses to try beside those of ONNX Runtime's files, relative to the page: a model's, or those of the kernels that
   * its pipelines use, such as `visionFile().url` of `@hayate/core-wasm/vision`.
   */
  readonly files?: readonly (string | URL)[];
  readonly signal?: AbortSignal;
  /** How long each check may take, in milliseconds. @defaultValue 10000 */
  readonly deadlineMs?: number;
}

/** What a page lacks. */
export interface Diagnosis {
  /** Whether models can run here: there is no finding that is an error. */
  readonly ok: boolean;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** All findings as text, for a console or a report. */
  toString(): string;
}

const ORDER = ['error', 'warning', 'info'];

/**
 * Says in words what this page lacks: headers, a policy's directives, files, a worker that answers, storage, a GPU.
 * It asks only for the page itself, the worker's script, ONNX Runtime's files and `files`, runs no model, and leaves
 * nothing behind.
 *
 * While `spawn` runs, `Worker` is wrapped to learn the script's address: a browser does not say why one failed.
 *
 * @throws only the signal's reason; whatever is wrong with the page is a finding.
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const { spawn, files = [], signal, deadlineMs = 10_000 } = options;
  signal?.throwIfAborted();
  const violations = watchViolations();
  const place = { deadlineMs, signal, violations };
  try {
    const support = probeBackendSupport(place);
    const worker = spawn && isSecureContext ? probeWorker(spawn, place) : undefined;
    const checks: [Finding['check'], Promise<readonly Finding[]>][] = [
      ['webassembly', probeWebAssembly(place, worker)],
      ['file', support.then((report) => probeFiles([...engineUrls(report), ...files], place))],
      ['webgpu', support.then(({ findings }) => findings)],
    ];
    if (worker !== undefined) checks.push(['worker', worker.then(({ findings }) => findings)]);
    // What a page that is not secure lacks besides follows from that.
    if (isSecureContext) {
      checks.push(['isolation', probeIsolation(place)]);
      checks.push(['storage', probeStorage(place)]);
      checks.push(['locks', probeLocks(place)]);
    }
    const findings = await Promise.all(
      checks.map(([check, job]) => job.catch((error: unknown) => [unchecked(check, error)])),
    );
    signal?.throwIfAborted();
    return createDiagnosis([...probeSecureContext(), ...findings.flat()]);
  } finally {
    violations.stop();
  }
}

function probeSecureContext(): readonly Finding[] {
  if (isSecureContext) return [];
  const message =
    'The page is not secure: it gets no storage, no threads and no WebGPU, and no worker is started.';
  return [findingOf('error', 'secure-context', message, 'Serve it over https, or from localhost.')];
}

function unchecked(check: Finding['check'], error: unknown): Finding {
  const message = `This could not be checked: ${reasonOf(error)}.`;
  return findingOf('warning', check, message, 'Reload the page and try again.');
}

function createDiagnosis(unsorted: readonly Finding[]): Diagnosis {
  const findings = [...unsorted].sort(
    (one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity),
  );
  return {
    ok: findings.every(({ severity }) => severity !== 'error'),
    findings,
    toString: () =>
      findings
        .map(({ severity, check, message, remedy }) => `${severity} (${check}): ${message} ${remedy}`)
        .join('\n') || 'This page lacks nothing.',
  };
}
