import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveAltered, type AlteredServer } from './altered-server';
import { file, FRAMEWORKS, runPhoto, startPlayground, type Playground } from './playground';

/** What Hayate needs. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
/** What the playground is served with: video files that a person has chosen are played from `blob:`. */
const SERVED = `${POLICY}; media-src 'self' blob:`;

// A violation is reported to the thread where it happens: this is put in front of each script, so that workers, also
// ONNX Runtime's threads, report theirs too.
const CHANNEL = 'violations of the policy';
const TELL = `if (globalThis.document === undefined) {
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    const channel = new BroadcastChannel('${CHANNEL}');
    channel.postMessage(effectiveDirective + ' ' + blockedURI);
    channel.close();
  });
  addEventListener('message', ({ data }) => {
    if (data === 'provoke') try { (0, eval)('1'); } catch {}
  });
}
`;

let playground: Playground;
let told: AlteredServer;
beforeAll(async () => {
  playground = await startPlayground();
  told = await serveAltered(playground.url);
  told.alter = ({ body, ...answer }) => ({
    ...answer,
    headers: { ...answer.headers, 'content-security-policy': POLICY },
    body: answer.path.endsWith('.js') ? Buffer.concat([Buffer.from(TELL), body]) : body,
  });
});
afterAll(async () => {
  await playground.close();
  await told.close();
});

/** For a density of the screen: the photo's file, and the size of its preview in pixels. */
const DRAWN: [number, [string, string, readonly number[]][]][] = [
  [
    1,
    [
      ['a small photo as it is', 'chelsea.png', [451, 300]],
      ['a large one with the pixels of the screen', 'edge/twelve-megapixel.jpg', [480, 360]],
      ['a turned one upright', 'edge/exif-6.jpg', [451, 300]],
    ],
  ],
  [2, [['a large one with the pixels of a finer screen', 'edge/twelve-megapixel.jpg', [959, 720]]]],
];

/** A page with the violations of its policy and the errors of the browser. */
async function watchedPage(options?: BrowserContextOptions) {
  const page = await playground.browser.newPage({ serviceWorkers: 'block', ...options });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (/content.security.policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.addInitScript((name) => {
    const violations: string[] = [];
    Object.assign(globalThis, { violations });
    new BroadcastChannel(name).onmessage = ({ data }) => violations.push(String(data));
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      violations.push(`${effectiveDirective} ${blockedURI}`);
    });
    const Real = Worker;
    globalThis.Worker = class extends Real {
      constructor(...parameters: ConstructorParameters<typeof Worker>) {
        super(...parameters);
        Object.assign(globalThis, { worker: this });
      }
    };
  }, CHANNEL);
  const violations = () =>
    page.evaluate(() => (globalThis as unknown as { violations: readonly string[] }).violations);
  return { page, complaints, violations };
}

test('every page is served with exactly the policy that the documents name', async () => {
  for (const path of ['', 'react/', 'vue/', 'no-such-file']) {
    const { headers } = await fetch(playground.url + path);
    expect(headers.get('content-security-policy')).toBe(SERVED);
  }
});

describe.each(FRAMEWORKS)('under a strict policy, the %s page', (framework) => {
  // The tests with one thread share a page: each begins in the state that the test before has left.
  describe('on one thread', () => {
    let watched: Awaited<ReturnType<typeof watchedPage>>;
    let page: Page;
    const id = (name: string) => page.getByTestId(name);

    beforeAll(async () => {
      watched = await watchedPage();
      page = watched.page;
      await page.goto(`${told.url}${framework}/?backend=wasm&threads=1`);
    });
    afterAll(() => page.close());

    test('classifies and violates nothing', async () => {
      await runPhoto(page, 'chelsea.png');
      expect(await id('result').count()).toBe(5);
      expect(await id('backend').getAttribute('data-threads')).toBe('1');
      expect(await watched.violations()).toEqual([]);
      expect(watched.complaints).toEqual([]);
    });

    test('detects, finds faces, also live, and runs a model from a file, and violates nothing', async () => {
      await id('page-detect').click();
      // Until then the input is that of the page that is left.
      await page.waitForSelector('[data-page=detect]');
      await id('photo-input').setInputFiles(file('samples/astronaut.png'));
      await page.getByText('1 object: person.').waitFor();
      await id('page-faces').click();
      await page.getByText('1 face.').waitFor();
      await id('source-video').click();
      await id('live-toggle').click();
      await page.waitForSelector('[data-testid=overlay][data-items="1"]');
      await id('source-photo').click();
      await id('page-models').click();
      await id('own-files').setInputFiles(file('packages/testing/models/tiny-centernet.onnx'));
      await id('own-task').selectOption('object-detection');
      await id('own-layout').selectOption('centernet');
      for (const side of ['width', 'height']) await id(`own-${side}`).fill('96');
      await id('own-tensor').selectOption('nchw');
      await id('own-submit').click();
      // It may find nothing: its weights are random.
      await page.waitForSelector('[data-page=detect] [data-testid=results]', { state: 'attached' });
      expect(await watched.violations()).toEqual([]);
      expect(watched.complaints).toEqual([]);
    });

    // Proves that violations are noted: without it, an empty list would prove nothing.
    test('is seen to violate the policy when it does, and so is its worker', async () => {
      await page.evaluate(() => {
        (globalThis as unknown as { worker: Worker }).worker.postMessage('provoke');
        document.body.append(Object.assign(new Image(), { src: URL.createObjectURL(new Blob(['x'])) }));
      });
      await page.waitForFunction(() => {
        const seen = (globalThis as unknown as { violations: readonly string[] }).violations.join();
        return /img-src blob/.test(seen) && /script-src eval/.test(seen);
      });
      expect(watched.complaints.join()).toMatch(/img-src|default-src/);
    });
  });

  test('classifies on two threads and violates nothing', async () => {
    const { page, violations, complaints } = await watchedPage();
    await page.goto(`${told.url}${framework}/?backend=wasm&threads=2`);
    await runPhoto(page, 'chelsea.png');
    expect(await page.getByTestId('result').count()).toBe(5);
    expect(await page.getByTestId('backend').getAttribute('data-threads')).toBe('2');
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  describe.each(DRAWN)('at a density of %i', (deviceScaleFactor, photos) => {
    let page: Page;
    let emptyStage: unknown;
    const stage = () => page.locator('.stage').boundingBox();

    beforeAll(async () => {
      ({ page } = await watchedPage({ deviceScaleFactor, viewport: { width: 1280, height: 800 } }));
      await page.goto(`${told.url}${framework}/?backend=wasm&threads=1`);
      emptyStage = await stage();
    });
    afterAll(() => page.close());

    test.each(photos)('draws %s, and nothing moves', async (_, photo, size) => {
      await page.getByTestId('photo-input').setInputFiles(file(`samples/${photo}`));
      const preview = page.getByRole('img', { name: `The photo: ${photo.split('/').pop()}` });
      const drawn = () => preview.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
      await expect.poll(drawn, { timeout: 20_000 }).toEqual(size);
      expect(emptyStage).not.toBeNull();
      expect(await stage()).toEqual(emptyStage);
    });
  });
});
