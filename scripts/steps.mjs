// Runs steps at the same time. Each line that a step prints begins with the step's name.
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The name of the step that the current code belongs to. */
const running = new AsyncLocalStorage();
const NAME_WIDTH = 10;

/**
 * Prints one or several lines, each with the name of the current step.
 * @param {string} text
 */
export function print(text) {
  const name = /** @type {string | undefined} */ (running.getStore());
  const prefix = name === undefined ? '' : `${name.padEnd(NAME_WIDTH)}│ `;
  for (const line of text.split('\n')) process.stdout.write(`${prefix}${line}\n`);
}

/**
 * Runs a command and prints its lines as they arrive. Never rejects.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ ok: boolean, output: string }>} Whether it succeeded, and its standard output.
 */
export function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {string[]} */
    const lines = [];
    const { stdout, stderr } =
      /** @type {import('node:child_process').ChildProcessByStdio<null, any, any>} */ (child);
    createInterface({ input: stdout }).on('line', (line) => {
      print(line);
      lines.push(line);
    });
    createInterface({ input: stderr }).on('line', print);
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (status) => resolve({ ok: status === 0, output: lines.join('\n') }));
  });
}

/**
 * Runs all steps, `lanes` of them at a time, in their order.
 * @param {number} lanes
 * @param {readonly string[]} names
 * @param {(name: string) => Promise<void>} step Must not reject.
 */
export async function runSteps(lanes, names, step) {
  const todo = [...names];
  const lane = async () => {
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      await running.run(name, timed, name, step);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/**
 * @param {string} name
 * @param {(name: string) => Promise<void>} step
 */
async function timed(name, step) {
  const start = Date.now();
  print('begins');
  await step(name);
  print(`took ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
