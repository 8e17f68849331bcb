import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { sha256Hex } from '../src/digest';
import { ask, CHROMIUM, modelOf, openPage, startSite, type Realm, type Site, type StoreCall } from './site';

const MIB = 2 ** 20;
const { quotaEvery } = inject('store');
const QUOTAS = Array.from({ length: 40 }, (_, index) => index + 1).filter((mib) => mib % quotaEvery === 0);
// Where it decides which of the two is kept, the old one is pinned once.
const CASES = QUOTAS.flatMap((mib) =>
  mib < 20 || mib > 30 ? [[mib, 'free'] as const] : [[mib, 'free'] as const, [mib, 'pinned'] as const],
);
const OLD = { name: 'old', bytes: 6 * MIB };
const NEW = { name: 'newer', bytes: 20 * MIB };
const digests = {
  old: await sha256Hex(modelOf(OLD.name, OLD.bytes)),
  newer: await sha256Hex(modelOf(NEW.name, NEW.bytes)),
};

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => {
  site.close();
});

const profiles = {
  async persistent() {
    const folder = mkdtempSync(join(tmpdir(), 'hayate-profile-'));
    const context = await chromium.launchPersistentContext(folder, CHROMIUM);
    return {
      nextContext: () => Promise.resolve(context),
      async close() {
        await context.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  async 'off-the-record'() {
    const browser = await chromium.launch(CHROMIUM);
    return {
      // Another each time: off the record, Chromium goes on counting what was deleted from the Cache API.
      async nextContext() {
        await Promise.all(browser.contexts().map((context) => context.close()));
        return browser.newContext();
      },
      close: () => browser.close(),
    };
  },
};

describe.each(Object.keys(profiles) as (keyof typeof profiles)[])('a %s profile', (profile) => {
  let opened: { nextContext(): Promise<BrowserContext>; close(): Promise<void> };
  let page: Page;
  let setQuota: (mib: number | undefined) => Promise<void>;
  beforeAll(async () => {
    opened = await profiles[profile]();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    const context = await opened.nextContext();
    page = await openPage(site, await context.newPage());
    const session = await context.newCDPSession(page);
    setQuota = async (mib) => {
      const quota = mib === undefined ? {} : { quotaSize: mib * MIB };
      await session.send('Storage.overrideQuotaForOrigin', { origin: site.url, ...quota });
    };
    await setQuota(undefined);
    for (const storage of ['opfs', 'cache'] as const) await ask(page, 'page', { method: 'clear', storage });
  });
  afterEach(() => page.close());

  describe.each([
    ['OPFS in a worker', 'worker', 'opfs'],
    ['OPFS on a page', 'page', 'opfs'],
    ['the Cache API', 'page', 'cache'],
  ] as const satisfies readonly (readonly [string, Realm, StoreCall['storage']])[])(
    '%s',
    (name, realm, storage) => {
      const reached = { persisted: 0, inMemory: 0, evicted: 0 };
      afterAll(() => {
        const { persisted, inMemory, evicted } = reached;
        console.log(
          `store: ${CASES.length} cases at ${QUOTAS.length} quotas, ${name}, ${profile}: ${persisted} kept the new model ` +
            `(${evicted} in place of the old one), ${inMemory} handed it out from memory; 0 partial commits`,
        );
      });
      const call = (method: StoreCall['method'], model?: typeof OLD) =>
        ask(page, realm, {
          method,
          storage,
          ...(model && { url: site.modelUrl(model.name, model.bytes), sha256: digests[model.name as 'old'] }),
        });

      test.each(CASES)(
        'a quota of %i MiB leaves whole models only, and an old one that is %s',
        async (mib, hold) => {
          expect(await call('getFile', OLD)).toMatchObject({ digest: digests.old, persisted: true });
          if (hold === 'pinned') expect(await call('pin', OLD)).toMatchObject({ value: true });
          await setQuota(mib);

          const got = await call('openFile', NEW);
          expect(got).toMatchObject({ digest: digests.newer, from: 'network' });
          expect(got.refused).toHaveLength(got.persisted ? 0 : 1);
          const fits = mib * MIB > NEW.bytes + OLD.bytes + 3 * MIB;
          if (fits) expect(got.persisted).toBe(true);
          if (mib * MIB < NEW.bytes) expect(got.persisted).toBe(false);
          reached[got.persisted ? 'persisted' : 'inMemory'] += 1;

          // What is said to be kept is whole and right, on another page too.
          const kept = (await call('list')).value as readonly { url: string; persisted: boolean }[];
          const names = kept.filter(({ persisted }) => persisted).map(({ url }) => url.split('/').at(-2));
          if (got.persisted) expect(names).toContain('newer');
          else expect(names).not.toContain('newer');
          // There, what was deleted to make room is counted on, so that it can be in vain.
          const isCountedOn = profile === 'off-the-record' && storage === 'cache';
          // The old one goes only as a whole, and only for one that then fits.
          if (hold === 'pinned' || fits || (!got.persisted && !isCountedOn)) expect(names).toContain('old');
          else if (!names.includes('old')) reached.evicted += 1;
          for (const { isIntact } of (await call('verify')).value as readonly { isIntact: boolean }[]) {
            expect(isIntact).toBe(true);
          }
          const values = (await call('names')).value as readonly string[];
          expect(new Set(values.map((value) => value.split('.')[0]))).toEqual(
            new Set(names.map((each) => digests[each as 'old'])),
          );

          if (got.persisted) return;
          await setQuota(undefined);
          await openPage(site, page); // what was in memory goes
          expect(await call('getFile', NEW)).toMatchObject({ digest: digests.newer, persisted: true });
        },
      );
    },
  );
});
