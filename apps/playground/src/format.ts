/** The least number of bytes that is shown in GB: anything more would round to 1000.0 MB. */
const GIGABYTE = 999_950_000;

/** `4_909_163` → `4.9 MB`, `53_687_091_200` → `53.7 GB`: decimal units, as browsers use them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return bytes < GIGABYTE ? `${toMegabytes(bytes)} MB` : `${toGigabytes(bytes)} GB`;
}

/** `3.1 of 4.9 MB`, or the loaded bytes alone while the total is not known. */
export function formatProgress(loadedBytes: number, totalBytes: number | undefined): string {
  if (totalBytes === undefined) return formatBytes(loadedBytes);
  if (totalBytes < 1_000_000) return `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`;
  const loaded = totalBytes < GIGABYTE ? toMegabytes(loadedBytes) : toGigabytes(loadedBytes);
  return `${loaded} of ${formatBytes(totalBytes)}`;
}

/** Milliseconds with two or three digits: `0.4 ms`, `41 ms`, `12.3 s`. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A score from 0 to 1 as a percentage: `87.6%`. */
export function formatScore(score: number): string {
  if (score > 0 && score < 0.0005) return '< 0.1%';
  return `${(score * 100).toFixed(1)}%`;
}

/** `2.4 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** Seconds as `8 s`, `3 min` or `2 h`, rounded up; never 0. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3600)} h`;
}

function toMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function toGigabytes(bytes: number): string {
  return (bytes / 1_000_000_000).toFixed(1);
}
