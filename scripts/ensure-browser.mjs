// Finds a Chromium for the tests, or installs one: what the user has, then Playwright's download, then Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

async function found() {
  const given = process.env.HAYATE_CHROMIUM;
  if (given !== undefined) {
    if (existsSync(given)) return given;
    throw new Error(`HAYATE_CHROMIUM is ${given}, but there is no such file.`);
  }
  const { chromium } = await import('playwright-core');
  return [...PLACES, chromium.executablePath()].find((place) => existsSync(place));
}

function attempt(command, args) {
  console.log(`ensure-browser: ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 }).status === 0;
}

/** The path of a Chromium. Throws an Error that says what to do when there is none and none can be installed. */
export async function ensureBrowser() {
  const here = await found();
  if (here !== undefined) return here;
  console.log('ensure-browser: no Chromium found; installing one (a minute or two)');
  const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('playwright-core')));
  attempt(process.execPath, [cli, 'install', 'chromium']);
  let installed = await found();
  if (installed === undefined && process.getuid?.() === 0) {
    if (attempt('apt-get', ['update']))
      attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
    installed = await found();
  }
  if (installed !== undefined) return installed;
  throw new Error(
    'No Chromium could be installed. Install Chrome or Chromium, or set HAYATE_CHROMIUM to its path.',
  );
}
