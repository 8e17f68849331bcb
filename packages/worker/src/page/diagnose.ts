import { findingOf, reasonOf, type Finding } from './diagnose/finding';
import { engineUrls, probeFiles } from './diagnose/probe-files';
import { probeIsolation } from './diagnose/probe-isolation';
import { probeLocks, probeStorage } from './diagnose/probe-storage';
import { probeBackendSupport, probeWebAssembly } from './diagnose/probe-webassembly';
import { probeWorker } from './diagnose/probe-worker';
import { watchViolations } from './diagnose/watch-violations';

export type { Finding } from './diagnose/finding';

/** What {@link diagnose} checks, and for how long. */
export interface DiagnoseOptions {
  /** Creates the app's worker, as for `connectEngine`. The check starts one worker and ends it. */
  readonly spawn?: () => Worker;
  /**
   * Addresses to check besides those of ONNX Runtime's files, relative to the page: of models, or of the kernels that the
   * pipelines use, such as `visionFile().url` of `@hayate/core-wasm/vision`.
   */
  readonly files?: readonly (string | URL)[];
  readonly signal?: AbortSignal;
  /** How long each check may take, in milliseconds. @defaultValue 10000 */
  readonly deadlineMs?: number;
}

/** The result of {@link diagnose}. */
export interface Diagnosis {
  /** Whether models can run here: no finding is an error. */
  readonly ok: boolean;
  /** The findings, most severe first. */
  readonly findings: readonly Finding[];
  /** All findings as text, for a console or a report. */
  toString(): string;
}

const ORDER = ['error', 'warning', 'info'];

/**
 * Reports in sentences what this page lacks: headers, directives of its policy, files, a worker that answers, storage, a
 * GPU. Requests only the page itself, the worker's script, ONNX Runtime's files and `files`. Runs no model and removes
 * everything that it stores.
 *
 * While `spawn` runs, `Worker` is wrapped to learn the script's address, because browsers do not say why a script failed.
 *
 * @throws the signal's reason and nothing else: every fault of the page is a finding.
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
    // On an insecure page, the other faults follow from this one.
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
