import { ortFile, ortRoute, type OrtRoute } from '@hayate/runtime';
import { absolute, ask } from './ask';
import { findingOf, reasonOf, type Finding } from './finding';
import type { BackendReport } from './probe-webassembly';
import { isTimeout, within, type Place } from './within';

/** The addresses of ONNX Runtime's files for the backends that this browser would use. */
export function engineUrls({ webgpu }: BackendReport): readonly string[] {
  if (typeof WebAssembly === 'undefined') return [];
  const routes: (OrtRoute | undefined)[] = [ortRoute('wasm')];
  if (webgpu?.supported && !webgpu.software) routes.push(ortRoute('webgpu'));
  return routes.flatMap((route) => (route === undefined ? [] : ortFile(route).url));
}

/** Checks that each file exists, has the MIME type of its extension, and can be fetched. */
export async function probeFiles(urls: readonly (string | URL)[], place: Place): Promise<readonly Finding[]> {
  const refused: string[] = [];
  const findings = await Promise.all(
    urls.map(async (given) => {
      const href = absolute(given);
      if (href === undefined) return fault(`The file "${String(given)}" has no valid address`, 'Correct it.');
      return probeFile(href, place, refused);
    }),
  );
  if (refused.length > 0) {
    const message = `The page's policy refuses to fetch ${refused.join(', ')} (connect-src).`;
    const sources = new Set(refused.map(sourceOf));
    const remedy = `Content-Security-Policy: connect-src ${[...sources].join(' ')}`;
    findings.push([findingOf('error', 'csp', message, remedy)]);
  }
  return findings.flat();
}

async function probeFile(url: string, place: Place, refused: string[]): Promise<readonly Finding[]> {
  let said;
  try {
    said = await ask(url, place);
  } catch (error) {
    place.signal?.throwIfAborted();
    if (isTimeout(error))
      return fault(`The file ${url} does not arrive: ${reasonOf(error)}`, 'Look at it in the network panel.');
    const violation = await place.violations.find((event) => isRefusal(event, url));
    if (violation === undefined) return unfetchable(url, place);
    refused.push(url);
    return [];
  }
  if (said.status >= 300 || said.status < 200)
    return fault(`The server answers ${said.status} for ${url}`, 'Deploy the file, or correct the address.');
  if (said.type === 'text/html') {
    const remedy =
      'Deploy the file; a server that answers unknown addresses with its start page must except it.';
    return fault(`The file ${url} is a page of HTML`, remedy);
  }
  if (new URL(url).pathname.endsWith('.wasm') && said.type !== 'application/wasm') {
    const message = `The file ${url} is sent as ${said.type || 'no MIME type'}: browsers compile only application/wasm while it downloads.`;
    return [findingOf('warning', 'file', message, 'Content-Type: application/wasm')];
  }
  return [];
}

function isRefusal({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent, url: string): boolean {
  return effectiveDirective === 'connect-src' && (blockedURI === url || blockedURI === new URL(url).origin);
}

/** The reason why `fetch` rejects, as far as a page can know it. */
async function unfetchable(url: string, place: Place): Promise<readonly Finding[]> {
  const there = new URL(url).origin;
  if (there === origin)
    return fault(
      `The file ${url} cannot be fetched: there is no answer`,
      'Check the connection and the server.',
    );
  const answers = await within(place, (signal) =>
    fetch(url, { method: 'HEAD', mode: 'no-cors', signal }),
  ).then(
    () => true,
    () => false,
  );
  const remedy = `Let ${there} send Access-Control-Allow-Origin: ${origin}`;
  return answers
    ? fault(
        `The file ${url} may not be read by this page: its server does not send Access-Control-Allow-Origin`,
        remedy,
      )
    : fault(
        `The file ${url} cannot be fetched: there is no answer, or its server does not allow this page`,
        remedy,
      );
}

function sourceOf(url: string): string {
  const source = new URL(url).origin;
  return source === origin ? "'self'" : source;
}

function fault(what: string, remedy: string): readonly Finding[] {
  return [findingOf('error', 'file', `${what}.`, remedy)];
}
