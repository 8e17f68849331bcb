import type { EngineHealth } from '@hayate/worker';
import { formatBytes } from './format';

const statuses: Readonly<Record<EngineHealth['status'], string>> = {
  idle: 'No worker runs',
  starting: 'A worker starts',
  ready: 'The worker is alive',
  'given-up': 'Workers died too often; none is started for now',
  disposed: 'The worker has been ended',
};

const fallbacks: Readonly<Record<EngineHealth['fallback'], string>> = {
  none: '',
  'no-gpu': ' Since then without a GPU.',
  'one-thread': ' Since then without a GPU and with one thread.',
};

/** Describes the state of the worker and how many there were. */
export function describeHealth({
  status,
  fallback,
  workers,
  crashes,
  recycled,
  memoryBytes,
}: EngineHealth): string {
  const counts = [
    `${workers} started`,
    crashes > 0 ? `${crashes} died` : 'none died',
    ...(recycled > 0 ? [`${recycled} replaced for their age`] : []),
    ...(memoryBytes > 0 ? [`${formatBytes(memoryBytes)} of WebAssembly`] : []),
  ];
  return `${statuses[status]}: ${counts.join(', ')}.${fallbacks[fallback]}`;
}
