import { isHayateError, type AnyContract } from '@hayate/core';
import { connectEngine } from '../connect-engine';
import { ask, type Said } from './ask';
import { findingOf, reasonOf, type Finding } from './finding';
import { recordSpawn } from './record-spawn';
import { isTimeout, within, type Place } from './within';

/** The result of starting the worker. */
export interface WorkerReport {
  readonly findings: readonly Finding[];
  /** The Content-Security-Policy of the worker's script: null if it has none, undefined if it is not known. */
  readonly policy: string | null | undefined;
}

/** Starts the worker, waits for its answer and ends it. If it does not answer, looks for the reason. */
export async function probeWorker(spawn: () => Worker, place: Place): Promise<WorkerReport> {
  const record = recordSpawn(spawn);
  const failure = await tryWorker(record.spawn, record.workers, place);
  place.signal?.throwIfAborted();
  const url = record.url();
  // A `blob:` script has no headers: the page's policy applies.
  const said = url?.startsWith('http') ? await ask(url, place).catch(() => undefined) : undefined;
  place.signal?.throwIfAborted();
  const policy = said && (said.headers.get('content-security-policy') ?? null);
  if (failure === undefined) return { findings: [], policy };

  const refusal = await place.violations.find(
    ({ effectiveDirective }) => effectiveDirective === 'worker-src',
  );
  if (refusal !== undefined) {
    const { blockedURI } = refusal;
    const message = `The page's policy refuses the worker's script ${blockedURI} (worker-src): no model can run.`;
    const remedy = `Content-Security-Policy: worker-src 'self'${blockedURI.startsWith('blob') ? ' blob:' : ''}`;
    return { findings: [findingOf('error', 'csp', message, remedy)], policy };
  }
  const [reason, remedy] = explain(failure, url ?? 'its script', said);
  const message = `The worker does not start: ${reason}. No model can run.`;
  return { findings: [findingOf('error', 'worker', message, remedy)], policy };
}

interface Failure {
  /** The worker's error event, if there was one. */
  readonly event: Partial<ErrorEvent> | undefined;
  readonly error: unknown;
}

// A task that no worker has: the error `unknown-task` shows that the worker answers.
const nothing: AnyContract = {
  name: 'hayate-diagnose',
  streams: false,
  key: () => '',
  plain: (config: unknown) => config,
  prepare: (value: unknown) => ({ value, transfer: [] }),
};

/** Why the worker does not answer; undefined if it does. */
async function tryWorker(
  spawn: () => Worker,
  workers: readonly Worker[],
  place: Place,
): Promise<Failure | undefined> {
  let event: Partial<ErrorEvent> | undefined;
  const watched = () => {
    const worker = spawn();
    worker.addEventListener('error', (error) => (event ??= error));
    return worker;
  };
  const engine = connectEngine(watched, { startDeadlineMs: place.deadlineMs });
  try {
    await within(place, async (signal) => (await engine.load(nothing, {}, { signal })).release());
    return undefined;
  } catch (error) {
    return isHayateError(error) && error.code === 'unknown-task' ? undefined : { event, error };
  } finally {
    // Not awaited: ending the worker ends what the disposal waits for.
    engine.dispose().catch(() => undefined);
    for (const worker of workers) worker.terminate();
  }
}

const DEPLOY = "Deploy the worker's script, or correct the address that spawn gives.";

/** The likely reason and its remedy, the most specific first. */
function explain({ event, error }: Failure, url: string, said: Said | undefined): readonly [string, string] {
  if (said !== undefined && (said.status < 200 || said.status >= 300))
    return [`the server answers ${said.status} for ${url}`, DEPLOY];
  if (/^https?:/.test(url) && new URL(url).origin !== origin) {
    const remedy = "Serve the script from the page's own origin; a sandboxed frame needs allow-same-origin.";
    return [`${url} is of another origin than the page (${origin})`, remedy];
  }
  if (said?.type === 'text/html') return [`${url} is a page of HTML`, DEPLOY];
  if (said !== undefined && event !== undefined) {
    if (!/^(text|application)\/(x-)?(java|ecma)script$/.test(said.type))
      return [
        `${url} is sent as ${said.type || 'no MIME type'}, not as JavaScript`,
        'Content-Type: text/javascript',
      ];
    if (crossOriginIsolated && !said.headers.has('cross-origin-embedder-policy')) {
      const remedy = 'Send Cross-Origin-Embedder-Policy: require-corp with the script, as with the page.';
      return [`${url} is served without Cross-Origin-Embedder-Policy to an isolated page`, remedy];
    }
  }
  if (event?.message) {
    const place = event.filename ? ` (${event.filename}:${event.lineno})` : '';
    return [`its script fails: ${event.message}${place}`, "Correct the worker's script."];
  }
  if (event !== undefined) {
    const remedy =
      'Look at the network panel: a file that it imports may be missing, or hold a syntax error.';
    return [`${url} could not be loaded`, remedy];
  }
  const remedy = 'Its file must call serveEngine of @hayate/worker/host.';
  if (isTimeout(error)) return [reasonOf(error), remedy];
  return [reasonOf(isHayateError(error) && error.cause !== undefined ? error.cause : error), remedy];
}
