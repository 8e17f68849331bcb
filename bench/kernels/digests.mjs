import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from '../../scripts/run.mjs';

const root = join(import.meta.dirname, '../..');

/** The table of `sha256.mjs`, which has contenders and a method of its own. Empty where there is no such file. */
export async function digests() {
  const file = join(import.meta.dirname, 'sha256.mjs');
  if (!existsSync(file)) return [];
  try {
    buildCoreWasm();
    const rows = await (await import(file)).compareSha256();
    return [
      '**SHA-256, Node**',
      '',
      '|  | Hayate, median ms | other, median ms | median ratio | least ratio |',
      '|---|---:|---:|---:|---:|',
      ...rows.map(({ name, oursMs, peerMs, medianRatio, minRatio }) => {
        const figures = [oursMs, peerMs, medianRatio, minRatio].map((figure) => figure.toFixed(2));
        return `| ${[name, ...figures].join(' | ')} |`;
      }),
    ];
  } catch (error) {
    return [`SHA-256: not measured: ${messageOf(error).split('\n')[0]}`];
  }
}

// It imports the built package, as users do.
function buildCoreWasm() {
  const bin = join(root, 'node_modules/.bin');
  // turbo looks for pnpm on the path.
  const env = {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
  };
  const args = ['run', 'build', '--filter=@hayate/core-wasm', '--output-logs=errors-only'];
  const { status } = spawnSync(join(bin, 'turbo'), args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) throw new Error('core-wasm could not be built');
}
