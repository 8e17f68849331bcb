/** From here on, so that nothing is called 1000.0 MB. */
const GIGABYTE = 999_950_000;

/** `4_909_163` → `4.9 MB`, `53_687_091_200` → `53.7 GB`. Decimal units, as browsers and shops count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return bytes < GIGABYTE ? `${toMegabytes(bytes)} MB` : `${toGigabytes(bytes)} GB`;
}

/** `3.1 of 4.9 MB`, or only what has come while the whole is not known. */
export function formatProgress(loadedBytes: number, totalBytes: number | undefined): string {
  if (totalBytes === undefined) return formatBytes(loadedBytes);
  if (totalBytes < 1_000_000) return `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`;
  const loaded = totalBytes < GIGABYTE ? toMegabytes(loadedBytes) : toGigabytes(loadedBytes);
  return `${loaded} of ${formatBytes(totalBytes)}`;
}

/** Milliseconds with as many digits as mean something: `0.4 ms`, `41 ms`, `12.3 s`. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A score from 0 to 1 as a percentage: `87.6%`. */
export function formatScore(score: number): string {
  if (score > 0 && score < 0.0005) return '< 0.1%';
  return `${(score * 100).toFixed(1)}%`;
}

function toMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function toGigabytes(bytes: number): string {
  return (bytes / 1_000_000_000).toFixed(1);
}
