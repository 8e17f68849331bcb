import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../../../scripts/chromium-flags.mjs';
import { serve } from '../../../scripts/serve.mjs';

/** The path of a file of the repository. */
export const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The pages of both frameworks. */
export const FRAMEWORKS = ['react', 'vue'] as const;

/** One server and one browser for a suite. */
export interface Playground {
  readonly url: string;
  readonly browser: Browser;
  /** Opens a page on one thread of WebAssembly; what it throws or logs as an error is in `faults`. */
  open(
    address: string,
    options?: BrowserContextOptions,
  ): Promise<{ readonly page: Page; readonly faults: string[] }>;
  close(): Promise<void>;
}

/** How the browser is started. */
export const CHROMIUM = {
  executablePath: process.env['HAYATE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: CHROMIUM_FLAGS,
};

/** Serves what was built and starts the browser, with further flags. */
export async function startPlayground(...flags: readonly string[]): Promise<Playground> {
  const server = await serve({ root: file('apps/playground/dist'), port: 0 });
  const browser = await chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, ...flags] });
  return {
    url: server.url,
    browser,
    async open(address, options) {
      // Their caches would change what is tested; `offline.spec.ts` tests them.
      const page = await browser.newPage({ serviceWorkers: 'block', ...options });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      const [framework, hash = ''] = address.split('#');
      await page.goto(`${server.url}${framework}/?backend=wasm&threads=1#${hash}`);
      return { page, faults };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** One result as its row tells it. */
export interface ShownResult {
  readonly label: string | undefined;
  readonly score: number;
  /** Left, top, width and height in the picture's pixels. */
  readonly box: readonly number[];
  /** x and y of each point, one after the other. */
  readonly points: readonly number[];
}

/** The results on a page, in its order. */
export function resultsOf(page: Page): Promise<readonly ShownResult[]> {
  return page.getByTestId('result').evaluateAll((items) =>
    items.map((item) => {
      const { label, score, box = '', points = '' } = (item as HTMLElement).dataset;
      const numbers = (text: string) => (text === '' ? [] : text.split(' ').map(Number));
      return { label, score: Number(score), box: numbers(box), points: numbers(points) };
    }),
  );
}

/** Waits until the task has a status. */
export async function statusIs(page: Page, status: string): Promise<void> {
  await page.locator(`[data-testid=status][data-status=${status}]`).waitFor({ timeout: 30_000 });
}

/** Waits for the result of the photo of this name; the photo before must have had another name. */
export async function resultIs(page: Page, name: string, timeout = 30_000): Promise<void> {
  await page.locator(`canvas[aria-label^="The photo: ${name}."]`).waitFor({ timeout });
  await statusIs(page, 'ready');
}

/** Chooses a photo of the samples and waits for its result. */
export async function runPhoto(page: Page, photo: string, timeout?: number): Promise<void> {
  await page.getByTestId('photo-input').setInputFiles(file(`samples/${photo}`));
  await resultIs(page, photo.split('/').at(-1) ?? '', timeout);
}
