import { probeBackends } from '@hayate/runtime';
import { findingOf, reasonOf, type Finding } from './finding';
import type { WorkerReport } from './probe-worker';
import { isTimeout, within, type Place } from './within';

type Support = Awaited<ReturnType<typeof probeBackends>>;

/** Whether the backends work in this browser. */
export interface BackendReport {
  readonly webgpu: Support['webgpu'];
  readonly findings: readonly Finding[];
}

/** Probes the backends: WebGPU, and the SIMD instructions that ONNX Runtime needs. */
export async function probeBackendSupport(place: Place): Promise<BackendReport> {
  const { webgpu, wasm } = await within(place, probeBackends).catch(unanswered);
  const findings: Finding[] = [];
  if (typeof WebAssembly !== 'undefined' && wasm?.supported === false) {
    const message =
      'WebAssembly lacks the SIMD instructions that ONNX Runtime needs (i32x4.dot_i16x8_s): no model can run.';
    findings.push(findingOf('error', 'simd', message, 'Use a browser of 2023 or later.'));
  }
  const inform = (message: string, remedy: string) => {
    findings.push(findingOf('info', 'webgpu', message, remedy));
  };
  if (webgpu?.supported === false) {
    inform(`There is no WebGPU: ${webgpu.reason}. Models run on the processor.`, 'Nothing has to be done.');
  } else if (webgpu?.software) {
    const message =
      'The only GPU adapter is a software one, slower than WebAssembly. It is used only if no other backend is allowed.';
    inform(message, "Turn on the browser's graphics acceleration, if the device has a GPU.");
  }
  return { webgpu, findings };
}

/** If the GPU's adapter never arrives, the other findings are still reported. */
function unanswered(error: unknown): Support {
  if (!isTimeout(error)) throw error;
  return { webgpu: { supported: false, reason: `${reasonOf(error)} from the GPU` } };
}

// The shortest valid module.
const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const REMEDY = "Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'";

/** Checks that WebAssembly compiles on the page and in the worker, whose script has a policy of its own. */
export async function probeWebAssembly(
  { violations }: Place,
  worker: Promise<WorkerReport> | undefined,
): Promise<readonly Finding[]> {
  if (typeof WebAssembly === 'undefined') {
    const message = 'This browser has no WebAssembly, or has it turned off: no model can run.';
    return [findingOf('error', 'webassembly', message, 'Turn off its lockdown mode for this page.')];
  }
  const policy = await worker?.then(({ policy }) => policy).catch(() => undefined);
  if (typeof policy === 'string' && !allowsWebAssembly(policy)) {
    const message =
      "The policy that the worker's script is sent with lacks 'wasm-unsafe-eval' in script-src: no model can run.";
    return [findingOf('error', 'csp', message, `${REMEDY}, with the worker's script.`)];
  }
  try {
    new WebAssembly.Module(MODULE);
    return [];
  } catch (error) {
    const reason = reasonOf(error);
    const refused =
      /content.security|\bcsp\b/i.test(reason) ||
      (await violations.find(({ blockedURI }) => blockedURI === 'wasm-eval')) !== undefined;
    if (!refused) {
      const message = `WebAssembly does not compile (${reason}): no model can run.`;
      return [findingOf('error', 'webassembly', message, 'Try another browser, or less memory in use.')];
    }
    const where = "The page's policy lacks 'wasm-unsafe-eval' in script-src";
    return policy === undefined
      ? [findingOf('error', 'csp', `${where}: no model can run.`, REMEDY)]
      : // The worker's policy is known and allows it. That is enough, because models run in the worker.
        [
          findingOf(
            'warning',
            'csp',
            `${where}: only the worker compiles WebAssembly, not the page.`,
            REMEDY,
          ),
        ];
  }
}

/** Whether all policies of a header allow WebAssembly to compile. */
export function allowsWebAssembly(header: string): boolean {
  return header.split(',').every((policy) => {
    const directives = policy.split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/));
    const sources = (name: string) => directives.find(([first]) => first === name);
    const script = sources('script-src') ?? sources('default-src');
    return script === undefined || script.some((source) => /^'(wasm-)?unsafe-eval'$/.test(source));
  });
}
