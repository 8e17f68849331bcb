import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../src/digest';
import { ask, CHROMIUM, modelOf, openPage, startSite, type Realm, type Site, type StoreAnswer } from './site';

const MIB = 2 ** 20;
const TABS = 8;
const BYTES = 32 * MIB;
const CHECKPOINT = 8 * MIB;

let site: Site;
let browser: Browser;
beforeAll(async () => {
  // Slow enough that all tabs are there while it lasts.
  site = await startSite({ bytesPerSecond: 32 * MIB });
  // Tabs of one site may share a process, which would end with any of them.
  browser = await chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, '--process-per-tab'] });
});
afterAll(async () => {
  await browser.close();
  site.close();
});

let context: BrowserContext;
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

const openTabs = (count: number) =>
  Promise.all(Array.from({ length: count }, async () => openPage(site, await context.newPage())));

const digestOf = (name: string) => sha256Hex(modelOf(name, BYTES));

describe.each(['page', 'worker'] as const)('with the store in the %s', (realm: Realm) => {
  const get = async (tab: Page, name: string): Promise<StoreAnswer> => {
    const url = site.modelUrl(name, BYTES);
    return ask(tab, realm, { method: 'getFile', storage: 'default', url, sha256: await digestOf(name) });
  };

  /** Waits until a tab knows that so much has come, in its own download or in another's. */
  const hears = (tab: Page, name: string, bytes: number) =>
    expect
      .poll(
        async () =>
          (await ask(tab, realm, { method: 'heard', storage: 'default', url: site.modelUrl(name, BYTES) }))
            .value,
        {
          timeout: 20_000,
        },
      )
      .toBeGreaterThan(bytes);

  test(`${TABS} tabs that ask for a model get it by one download, and all hear how far it is`, async () => {
    const name = `shared-${realm}`;
    const tabs = await openTabs(TABS);
    // The rest comes once all know of the beginning.
    site.paused.set(name, 8 * MIB);
    const asked = tabs.map((tab) => get(tab, name));
    for (const tab of tabs) await hears(tab, name, MIB);
    site.paused.delete(name);
    const answers = await Promise.all(asked);
    const digest = await digestOf(name);
    expect(answers.map(({ from }) => from).sort()).toEqual([
      'network',
      ...Array<string>(TABS - 1).fill('storage'),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ digest, persisted: true });
      const growing = answer.loaded.filter((bytes, index) => bytes > (answer.loaded[index - 1] ?? 0));
      expect(growing.length).toBeGreaterThan(3);
      expect(answer.loaded).toEqual([...answer.loaded].sort((one, other) => one - other));
    }
    const { bytes, requests } = site.transferred(name);
    expect(requests).toBe(1);
    expect(bytes).toBeLessThanOrEqual(1.02 * BYTES);
    console.log(
      `store: ${TABS} tabs, the store in the ${realm}: ${(bytes / BYTES).toFixed(3)} × the bytes, ${requests} request`,
    );
  });

  test('when the tab that downloads crashes, another goes on', async () => {
    const name = `taken-over-${realm}`;
    const [first, ...others] = (await openTabs(3)) as [Page, Page, Page];
    site.paused.set(name, 20 * MIB);
    const crashed = get(first, name).catch((error: unknown) => error);
    await hears(first, name, 14 * MIB);
    // Nothing more comes: who asks now is told how far it is.
    const waiting = others.map((tab) => get(tab, name));
    for (const tab of others) await hears(tab, name, 14 * MIB);
    const session = await context.newCDPSession(first);
    site.paused.delete(name);
    const at = Date.now();
    session.send('Page.crash').catch(() => undefined); // there is nobody left to answer
    expect(await crashed).toBeInstanceOf(Error);
    const answers = await Promise.all(waiting);
    for (const answer of answers)
      expect(answer).toMatchObject({ digest: await digestOf(name), persisted: true });
    const [began, resumedAt = 0, ...more] = site.firsts[name] ?? [];
    expect([began, more]).toEqual([0, []]);
    // How far it was when it crashed, as the others heard it.
    const { loaded } = answers[1] as StoreAnswer;
    const reached = loaded.find((bytes, index) => (loaded[index + 1] ?? Infinity) < bytes) ?? resumedAt;
    expect(resumedAt).toBeGreaterThanOrEqual(14 * MIB - CHECKPOINT);
    expect(reached - resumedAt).toBeLessThanOrEqual(CHECKPOINT);
    const next = site.sent.find(({ model, request }) => model === name && request > firstRequest(name));
    console.log(
      `store: the tab that downloads crashes, the store in the ${realm}: ${(next?.at ?? 0) - at} ms later the server sends ` +
        `to another, ${((reached - resumedAt) / MIB).toFixed(1)} MiB again`,
    );
  });

  test('what a closed tab had is gone on with by the next visit', async () => {
    const name = `closed-${realm}`;
    const [tab] = (await openTabs(1)) as [Page];
    site.paused.set(name, 20 * MIB);
    const ended = get(tab, name).catch((error: unknown) => error);
    await hears(tab, name, 14 * MIB);
    await tab.close();
    site.paused.delete(name);
    await ended;
    const [next] = (await openTabs(1)) as [Page];
    expect(await get(next, name)).toMatchObject({ digest: await digestOf(name), from: 'network' });
    const [, resumedAt, ...more] = site.firsts[name] ?? [];
    expect(resumedAt).toBeGreaterThanOrEqual(14 * MIB - CHECKPOINT);
    expect(more).toEqual([]);
  });

  function firstRequest(name: string): number {
    return site.sent.find(({ model }) => model === name)?.request ?? -1;
  }
});
