// Finds browsers for the tests, or installs them: what the user has, then a download, then Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const FIREFOX_PLACES = [
  ...(process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => [join(folder, 'firefox'), join(folder, 'firefox-esr')]),
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/**
 * The path that a variable of the environment names, else the first of these places that is there.
 * @param {string} variable
 * @param {readonly string[]} places
 */
function find(variable, places) {
  const given = process.env[variable];
  if (given === undefined) return places.find((place) => existsSync(place));
  if (existsSync(given)) return given;
  throw new Error(`${variable} is ${given}, but there is no such file.`);
}

async function findChromium() {
  const { chromium } = await import('playwright-core');
  return find('HAYATE_CHROMIUM', [...CHROMIUM_PLACES, chromium.executablePath()]);
}

const findFirefox = () => find('HAYATE_FIREFOX', FIREFOX_PLACES);

/**
 * Runs a program and tells whether it succeeded.
 * @param {string} command
 * @param {readonly string[]} args
 */
function attempt(command, args) {
  console.log(`ensure-browser: ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 }).status === 0;
}

/**
 * Installs Debian's package where that is allowed.
 * @param {string} name
 */
function attemptDebian(name) {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return;
  if (attempt('apt-get', ['update'])) attempt('apt-get', ['install', '-y', '--no-install-recommends', name]);
}

/** The path of a Chromium. Throws an Error that says what to do when there is none and none can be installed. */
export async function ensureBrowser() {
  const here = await findChromium();
  if (here !== undefined) return here;
  console.log('ensure-browser: no Chromium found; installing one (a minute or two)');
  const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('playwright-core')));
  attempt(process.execPath, [cli, 'install', 'chromium']);
  if ((await findChromium()) === undefined) attemptDebian('chromium');
  const installed = await findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'No Chromium could be installed. Install Chrome or Chromium, or set HAYATE_CHROMIUM to its path.',
  );
}

/** The path of a Firefox, or undefined when there is none and none can be installed. */
export function ensureFirefox() {
  const here = findFirefox();
  if (here !== undefined) return here;
  attemptDebian('firefox-esr');
  return findFirefox();
}
