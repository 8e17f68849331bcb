import { defineBrowserProvider } from '@vitest/browser';
import type { Browser, Page } from 'puppeteer-core';
import type { BrowserProvider } from 'vitest/node';

/**
 * Runs vitest's browser tests in a Firefox of the system, by WebDriver BiDi. Playwright drives only a Firefox of its
 * own build, and webdriverio wants a geckodriver.
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
      // Puppeteer would have the browser report every request, and modules are hundreds of them.
      networkEnabled: false,
      executablePath,
      // A camera that shows a test picture, without a question.
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
