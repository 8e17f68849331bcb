import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../src/digest';
import { FIREFOX, modelOf, openChromium, openFirefox, startSite, type Site, type StoreAnswer } from './site';

const BYTES = 10 * 2 ** 20;

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => {
  site.close();
});

const windows = {
  'Chromium off the record': () => openChromium(`${site.url}/`),
  'Firefox in private browsing': () =>
    openFirefox(`${site.url}/`, { 'browser.privatebrowsing.autostart': true }),
};

describe.each(Object.keys(windows) as (keyof typeof windows)[])('%s', (name) => {
  const isThere = name.startsWith('Chromium') || existsSync(FIREFOX);
  if (!isThere)
    console.log(`${name}: SKIPPED, there is no Firefox on this machine (HAYATE_FIREFOX may name one)`);

  test.skipIf(!isThere)(
    'a model is right, is told honestly to be kept or not, and is not fetched twice',
    async () => {
      if (!isThere && process.env['CI']) throw new Error('there is no Firefox');
      const window = await windows[name]();
      try {
        for (const realm of ['runCall', 'inWorker']) {
          const model = `${realm}-${name.split(' ')[0]}`;
          const digest = await sha256Hex(modelOf(model, BYTES));
          const url = site.modelUrl(model, BYTES);
          const ready = () => expect.poll(() => window.evaluate('globalThis.isReady')).toBe(true);
          const get = async () => {
            await ready();
            const call = { method: 'getFile', storage: 'default', url, sha256: digest };
            return await window.evaluate<StoreAnswer>(`${realm}(${JSON.stringify(call)})`);
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
