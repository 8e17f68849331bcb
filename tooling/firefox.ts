import { defineBrowserProvider } from '@vitest/browser';
import type { Browser, Page } from 'puppeteer-core';
import type { BrowserProvider } from 'vitest/node';

/**
 * Runs vitest's browser tests in the Firefox of the system, by WebDriver BiDi. Playwright drives only its own build of
 * Firefox, and webdriverio needs a geckodriver.
 */
export function firefox(executablePath: string) {
  return defineBrowserProvider({
    name: 'puppeteer',
    supportedBrowser: ['firefox'],
    options: {},
    providerFactory: () => createProvider(executablePath),
  });
}

function createProvider(executablePath: string): BrowserProvider {
  let launching: Promise<Browser> | undefined;
  const pages = new Map<string, Page>();

  async function open(): Promise<Browser> {
    const { launch } = await import('puppeteer-core');
    return launch({
      browser: 'firefox',
      headless: true,
      // Otherwise the browser would report every request to Puppeteer, hundreds of them for modules.
      networkEnabled: false,
      executablePath,
      // A camera that shows a test picture and needs no permission.
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
      },
    });
  }

  return {
    name: 'puppeteer',
    supportsParallelism: false,
    getCommandsContext: (sessionId) => ({ page: pages.get(sessionId) }),
    async openPage(sessionId, url) {
      const browser = await (launching ??= open());
      await pages.get(sessionId)?.close();
      const page = await browser.newPage();
      pages.set(sessionId, page);
      await page.goto(url);
    },
    async close() {
      await (await launching?.catch(() => undefined))?.close();
    },
  };
}
