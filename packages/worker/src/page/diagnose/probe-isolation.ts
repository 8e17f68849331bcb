import { ask } from './ask';
import { findingOf, type Finding } from './finding';
import type { Place } from './within';

const COOP = 'Cross-Origin-Opener-Policy: same-origin';
const COEP = 'Cross-Origin-Embedder-Policy: require-corp';
const EFFECT = 'ONNX Runtime has one thread only';

/** Checks that the page is cross-origin isolated; if not, reports the missing header. */
export async function probeIsolation(place: Place): Promise<readonly Finding[]> {
  if (crossOriginIsolated) return [];
  const said = await ask(location.href, place).catch(() => undefined);
  const warn = (message: string, remedy: string) => [
    findingOf(
      'warning',
      'isolation',
      `The page is not cross-origin isolated: ${message}. ${EFFECT}.`,
      remedy,
    ),
  ];
  if (said === undefined) return warn('its own headers could not be read', `Send ${COOP} and ${COEP}`);

  const missing: string[] = [];
  const opener = valueOf(said.headers, 'cross-origin-opener-policy');
  const embedder = valueOf(said.headers, 'cross-origin-embedder-policy');
  if (opener !== 'same-origin') missing.push(COOP);
  if (embedder !== 'require-corp' && embedder !== 'credentialless') missing.push(COEP);
  if (missing.length > 0) {
    const names = missing.map((line) => line.split(':')[0]).join(' and ');
    return warn(`it is served without ${names}`, `Send ${missing.join(' and ')}`);
  }
  if (window !== window.top) {
    const remedy = 'Isolate the outer page too, and give the frame allow="cross-origin-isolated".';
    return warn('the page around its frame is not, or does not pass it on', remedy);
  }
  return warn(
    'its headers are right, but came too late or are overruled',
    'Reload it; see Permissions-Policy.',
  );
}

function valueOf(headers: Headers, name: string): string | undefined {
  return headers.get(name)?.split(';')[0]?.trim();
}
