// How scripts start other programs and wait for them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program with this script's output and waits for it. Throws an Error when it fails.
 * @param {string} label stands before the line that tells what is run
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Readonly<Record<string, string>> }} [options] `env` is added to the environment
 */
export function run(label, command, args, { cwd, env } = {}) {
  console.log(`${label}: ${command} ${args.join(' ')}`);
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  if (result.status !== 0) throw new Error(`${command} failed (${result.status ?? result.error?.message})`);
}

/**
 * What a program prints, without the white space around it; undefined when it fails or is not there.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {string | undefined}
 */
export function output(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * Whether a module is the program that Node was started with, not imported by another.
 * @param {ImportMeta} meta of the module
 */
export const isMain = (meta) => process.argv[1] === fileURLToPath(meta.url);

/**
 * The message of whatever was thrown.
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));
