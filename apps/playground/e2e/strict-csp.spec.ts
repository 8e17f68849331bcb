import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type PlaygroundServer } from '../../../scripts/serve.mjs';
import { serveAltered, type AlteredServer } from './altered-server';

const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
/** What Hayate needs. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
/** What the playground is served with: video files that a person has chosen are played from `blob:`. */
const SERVED = `${POLICY}; media-src 'self' blob:`;

// A violation is told where it happens: this is put in front of each script, so that workers tell theirs too,
// ONNX Runtime's threads among them.
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

let server: PlaygroundServer;
let told: AlteredServer;
let browser: Browser;
beforeAll(async () => {
  server = await serve({ root: file('apps/playground/dist'), port: 0 });
  told = await serveAltered(server.url);
  told.alter = ({ body, ...answer }) => ({
    ...answer,
    headers: { ...answer.headers, 'content-security-policy': POLICY },
    body: answer.path.endsWith('.js') ? Buffer.concat([Buffer.from(TELL), body]) : body,
  });
  browser = await chromium.launch({
    executablePath: process.env['HAYATE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser.close();
  await told.close();
  await server.close();
});

describe.each(['react', 'vue'])('under a strict policy, the %s page', (framework) => {
  let page: Page;
  const complaints: string[] = [];

  const violations = () =>
    page.evaluate(() => (globalThis as unknown as { violations: readonly string[] }).violations);
  const open = (query: string) => page.goto(`${told.url}${framework}/${query}`);
  const classify = async () => {
    await page.getByTestId('photo-input').setInputFiles(file('samples/chelsea.png'));
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=result]').length === 5);
  };

  beforeEach(async () => {
    page = await browser.newPage();
    complaints.length = 0;
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
    }, CHANNEL);
  });
  afterEach(() => page.close());

  test('is served with exactly the policy that the documents name', async () => {
    for (const path of ['', `${framework}/`, 'no-such-file']) {
      const { headers } = await fetch(server.url + path);
      expect(headers.get('content-security-policy')).toBe(SERVED);
    }
  });

  test.each(['?backend=wasm&threads=1', '?backend=wasm&threads=2'])(
    'classifies with %s and violates nothing',
    async (query) => {
      await open(query);
      await classify();
      expect(await page.getByTestId('backend').getAttribute('data-threads')).toBe(query.slice(-1));
      expect(await violations()).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test('detects, finds faces, also live, and runs a model from a file, and violates nothing', async () => {
    await open('?backend=wasm&threads=1#/detect');
    await page.getByTestId('photo-input').setInputFiles(file('samples/astronaut.png'));
    await page.getByText('1 object: person.').waitFor();
    await page.getByTestId('page-faces').click();
    await page.getByText('1 face.').waitFor();
    await page.getByTestId('source-video').click();
    await page.getByTestId('live-toggle').click();
    await page.waitForSelector('[data-testid=overlay][data-items="1"]');
    await page.getByTestId('source-photo').click();
    await page.getByTestId('page-models').click();
    await page.getByTestId('own-files').setInputFiles(file('packages/testing/models/tiny-centernet.onnx'));
    await page.getByTestId('own-task').selectOption('object-detection');
    await page.getByTestId('own-layout').selectOption('centernet');
    for (const side of ['width', 'height']) await page.getByTestId(`own-${side}`).fill('96');
    await page.getByTestId('own-tensor').selectOption('nchw');
    await page.getByTestId('own-submit').click();
    // It may find nothing: its weights are random.
    await page.waitForSelector('[data-page=detect] [data-testid=results]', { state: 'attached' });
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each([
    [1, 'a small photo as it is', 'chelsea.png', [451, 300]],
    [1, 'a turned one upright', 'edge/exif-6.jpg', [451, 300]],
    [1, 'a large one with the pixels of the screen', 'edge/twelve-megapixel.jpg', [480, 360]],
    [2, 'a large one with the pixels of a finer screen', 'edge/twelve-megapixel.jpg', [959, 720]],
  ] as const)(
    'at a density of %i it draws %s, and nothing moves',
    async (deviceScaleFactor, _, photo, size) => {
      await page.close();
      page = await browser.newPage({ deviceScaleFactor, viewport: { width: 1280, height: 800 } });
      await open('?backend=wasm&threads=1');
      const stage = await page.locator('.stage').boundingBox();
      await page.getByTestId('photo-input').setInputFiles(file(`samples/${photo}`));
      const preview = page.getByRole('img', { name: `The photo: ${photo.split('/').pop()}` });
      const drawn = () => preview.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
      await expect.poll(drawn, { timeout: 20_000 }).toEqual(size);
      expect(await page.locator('.stage').boundingBox()).toEqual(stage);
    },
  );

  // The listeners above hear something: without these, their silence would mean nothing.
  test('what does violate the policy is seen, on the page and in its worker', async () => {
    await page.addInitScript(() => {
      const Real = Worker;
      globalThis.Worker = class extends Real {
        constructor(...parameters: ConstructorParameters<typeof Worker>) {
          super(...parameters);
          Object.assign(globalThis, { worker: this });
        }
      };
    });
    await open('?backend=wasm&threads=1');
    await classify();
    await page.evaluate(() => {
      (globalThis as unknown as { worker: Worker }).worker.postMessage('provoke');
      document.body.append(Object.assign(new Image(), { src: URL.createObjectURL(new Blob(['x'])) }));
    });
    await page.waitForFunction(() => {
      const seen = (globalThis as unknown as { violations: readonly string[] }).violations.join();
      return /img-src blob/.test(seen) && /script-src eval/.test(seen);
    });
    expect(complaints.join()).toMatch(/img-src|default-src/);
  });
});
