import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { launch } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../src/digest';
import { CHROMIUM, modelOf, startSite, type Site, type StoreAnswer } from './site';

const BYTES = 10 * 2 ** 20;
const FIREFOX = process.env['HAYATE_FIREFOX'] ?? '/usr/bin/firefox-esr';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => {
  site.close();
});

interface Window {
  evaluate(script: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<unknown>;
}

const windows: Readonly<Record<string, () => Promise<Window>>> = {
  async 'Chromium off the record'() {
    const browser = await chromium.launch(CHROMIUM);
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${site.url}/`);
    return {
      evaluate: (script) => page.evaluate(script),
      reload: () => page.reload(),
      close: () => browser.close(),
    };
  },
  async 'Firefox in private browsing'() {
    const browser = await launch({
      browser: 'firefox',
      headless: true,
      executablePath: FIREFOX,
      extraPrefsFirefox: { 'browser.privatebrowsing.autostart': true },
    });
    const page = await browser.newPage();
    await page.goto(`${site.url}/`);
    return {
      evaluate: (script) => page.evaluate(script),
      reload: () => page.reload(),
      close: () => browser.close(),
    };
  },
};

describe.each(Object.keys(windows))('%s', (name) => {
  const isThere = name.startsWith('Chromium') || existsSync(FIREFOX);
  if (!isThere)
    console.log(`${name}: SKIPPED, there is no Firefox on this machine (HAYATE_FIREFOX may name one)`);

  test.skipIf(!isThere)(
    'a model is right, is told honestly to be kept or not, and is not fetched twice',
    async () => {
      if (!isThere && process.env['CI']) throw new Error('there is no Firefox');
      const window = await windows[name]!();
      try {
        for (const realm of ['runCall', 'inWorker']) {
          const model = `${realm}-${name.split(' ')[0]}`;
          const digest = await sha256Hex(modelOf(model, BYTES));
          const url = site.modelUrl(model, BYTES);
          const ready = () => expect.poll(() => window.evaluate('globalThis.isReady')).toBe(true);
          const get = async () => {
            await ready();
            const call = { method: 'getModel', storage: 'default', url, sha256: digest };
            return (await window.evaluate(`${realm}(${JSON.stringify(call)})`)) as StoreAnswer;
          };
          const first = await get();
          expect(first).toMatchObject({ digest, from: 'network' });
          expect(await get()).toMatchObject({ digest, from: 'storage', persisted: first.persisted });
          await window.reload();
          expect(await get()).toMatchObject({ digest, from: first.persisted ? 'storage' : 'network' });
          console.log(
            `store: ${name}, ${realm === 'runCall' ? 'page' : 'worker'}: persisted is ${first.persisted}`,
          );
        }
      } finally {
        await window.close();
      }
    },
  );
});
