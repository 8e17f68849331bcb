// `node scripts/fuzz.mjs [--seconds N] [target …]`: lets libFuzzer run the targets of the crate's fuzz folder, each for
// so long, from the committed seeds and what earlier runs found. Fails when a target does.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain, messageOf } from './run.mjs';
import { NIGHTLY, setupNightly } from './setup-nightly.mjs';

const CRATE = fileURLToPath(new URL('../packages/core-wasm/crate', import.meta.url));

/**
 * Runs cargo-fuzz and keeps what it prints: that is shown only when it fails.
 * @param {readonly string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function cargoFuzz(args) {
  return new Promise((resolve) => {
    const child = spawn('cargo', [`+${NIGHTLY}`, 'fuzz', ...args], {
      cwd: CRATE,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (status) => resolve({ ok: status === 0, output }));
  });
}

/** The names of all targets. */
export const fuzzTargets = () =>
  readdirSync(join(CRATE, 'fuzz/fuzz_targets')).map((file) => file.replace(/\.rs$/, ''));

/**
 * Runs one target and tells how far it came. What made it fail is printed, with what to do about it.
 * @param {string} target
 * @param {number} seconds
 */
export async function fuzz(target, seconds) {
  // The first folder is where libFuzzer keeps what it finds.
  const folders = ['corpus', 'seeds'].map((name) => join('fuzz', name, target));
  for (const folder of folders) mkdirSync(join(CRATE, folder), { recursive: true });
  const limits = [`-max_total_time=${seconds}`, '-max_len=512', '-timeout=20', '-rss_limit_mb=2048'];
  const { ok, output } = await cargoFuzz(['run', target, ...folders, '--', ...limits]);
  const runs = Number(output.match(/Done (\d+) runs/)?.[1] ?? 0);
  const coverage = Number([...output.matchAll(/ cov: (\d+) /g)].at(-1)?.[1] ?? 0);
  if (!ok) {
    console.error(output.split('\n').slice(-60).join('\n'));
    console.error(`fuzz: ${target} failed. Copy the file named above to fuzz/seeds/${target}/ and mend it.`);
  }
  return { target, ok, runs, coverage };
}

/**
 * Tells how many targets failed.
 * @param {readonly string[]} args
 */
async function main(args) {
  const at = args.indexOf('--seconds');
  const seconds = at < 0 ? 60 : Number(args[at + 1]);
  if (!(seconds > 0)) throw new Error('--seconds needs a number');
  const named = at < 0 ? args : args.filter((_, place) => place !== at && place !== at + 1);
  setupNightly();
  let faults = 0;
  for (const target of named.length > 0 ? named : fuzzTargets()) {
    const { ok, runs, coverage } = await fuzz(target, seconds);
    if (!ok) faults += 1;
    console.log(`fuzz: ${target}: ${ok ? `${runs} runs, ${coverage} edges` : 'FAILED'}`);
  }
  return faults;
}

if (isMain(import.meta)) {
  try {
    process.exit((await main(process.argv.slice(2))) === 0 ? 0 : 1);
  } catch (error) {
    console.error(`fuzz: ${messageOf(error)}`);
    process.exit(1);
  }
}
