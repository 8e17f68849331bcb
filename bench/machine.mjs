import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Where and from what the figures come: the date, the commit and the processor. */
export function provenance() {
  const git = (...args) =>
    spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).stdout?.trim();
  const date = new Date().toISOString().slice(0, 10);
  // What these commands write themselves does not count as a change.
  const changed = git('status', '--porcelain', '--', ':/', ':(top,exclude)*.md') ? ' with changes' : '';
  const commit = git('rev-parse', '--short', 'HEAD');
  return [date, ...(commit ? [`commit ${commit}${changed}`] : []), `${cpus().length} × ${cpus()[0].model}`];
}
