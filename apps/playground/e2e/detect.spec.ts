import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import objects from '../../../samples/detections.json';
import faces from '../../../samples/faces.json';
import {
  file,
  FRAMEWORKS,
  runPhoto,
  resultsOf,
  startPlayground,
  statusIs,
  type Playground,
} from './playground';

interface Recipe {
  readonly file: string;
  /** Left, top, width and height. */
  readonly crop: readonly number[];
  readonly step: number;
  readonly repeat: number;
  readonly tiles: number;
}

/** The goldens of photos that are committed as they are, not made while testing. */
function plain<Golden extends Recipe>(pictures: Readonly<Record<string, Golden>>): readonly Golden[] {
  return Object.values(pictures).filter((recipe) => {
    const header = readFileSync(file(`samples/${recipe.file}`)).subarray(16, 24); // of a PNG: width and height
    const isWhole = header.readUInt32BE(0) === recipe.crop[2] && header.readUInt32BE(4) === recipe.crop[3];
    return isWhole && recipe.step === 1 && recipe.repeat === 1 && recipe.tiles === 1;
  });
}

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.close());

const worst = (actual: readonly number[], expected: readonly number[]) =>
  actual.length === expected.length
    ? Math.max(0, ...actual.map((value, at) => Math.abs(value - (expected[at] ?? Infinity))))
    : Infinity;

// All tests of a framework share a page: each begins in the state that the test before has left.
describe.each(FRAMEWORKS)('the boxes of the %s page', (framework) => {
  let page: Page;
  let faults: string[];
  const id = (name: string) => page.getByTestId(name);
  const go = (path: string) => id(`page-${path}`).click();

  beforeAll(async () => {
    const viewport = { width: 1280, height: 900 };
    ({ page, faults } = await playground.open(framework, { deviceScaleFactor: 2, viewport }));
  });
  afterAll(async () => {
    expect(faults).toEqual([]);
    await page.context().close();
  });

  /** Waits for a run that began with what was just chosen. */
  async function settled(count: (rows: number) => boolean): Promise<void> {
    await expect.poll(async () => count(await id('result').count()), { timeout: 20_000 }).toBe(true);
    await statusIs(page, 'ready');
  }

  test('come with their route: title, heading in focus, the same photo, the same worker', async () => {
    await runPhoto(page, 'astronaut.png');
    expect(await page.title()).toMatch(/^Classify · Hayate in (React|Vue)$/);
    await go('detect');
    await page.locator('canvas[aria-label*="1 object: person."]').waitFor();
    expect(await page.title()).toMatch(/^Detect · /);
    const focused = await page.evaluate(() => [document.activeElement?.tagName, scrollY]);
    expect(focused).toEqual(['H1', 0]);
    expect(await id('health').textContent()).toMatch(/1 started, none died/);
    await page.goBack();
    await page.waitForSelector('[data-page=classify]');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('What is in this photo?');
    await page.goForward();
  });

  test('are those of the reference, with labels and scores', async () => {
    for (const { file: photo, objects: expected } of plain(objects.pictures)) {
      await runPhoto(page, photo);
      const shown = await resultsOf(page);
      expect(shown.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
      shown.forEach(({ score, box }, at) => {
        expect(Math.abs(score - (expected[at]?.score ?? Infinity)), photo).toBeLessThan(0.005);
        const { x1 = 0, y1 = 0, x2 = 0, y2 = 0 } = expected[at]?.box ?? {};
        expect(worst(box, [x1, y1, x2 - x1, y2 - y1]), photo).toBeLessThan(1);
      });
    }
  }, 120_000);

  test('are drawn with a pixel for each of the screen’s, also after a change of size', async () => {
    await runPhoto(page, 'astronaut.png');
    const overlay = id('overlay');
    const sizes = () =>
      overlay.evaluate(({ width, height, clientWidth, clientHeight }: HTMLCanvasElement) => ({
        width,
        height,
        clientWidth,
        clientHeight,
      }));
    const isCrisp = async () => {
      const { width, height, clientWidth, clientHeight } = await sizes();
      return width > 0 && Math.abs(width - 2 * clientWidth) <= 1 && Math.abs(height - 2 * clientHeight) <= 1;
    };
    await expect.poll(isCrisp).toBe(true);
    const before = await sizes();
    await page.setViewportSize({ width: 700, height: 900 });
    await expect.poll(async () => (await sizes()).clientWidth !== before.clientWidth && isCrisp()).toBe(true);
    // On the middle of the box's left edge there is a line, and just outside of it there is none.
    const [{ box: [x = 0, y = 0, , height = 0] = [] } = {}] = await resultsOf(page);
    const alphas = await overlay.evaluate(
      (canvas: HTMLCanvasElement, at) => {
        const scale = Math.min(canvas.width, canvas.height) / 512;
        const left = (canvas.width - 512 * scale) / 2 + at.x * scale;
        const top = (canvas.height - 512 * scale) / 2 + at.y * scale;
        const pixels = canvas.getContext('2d');
        return [0, -20].map((off) => pixels?.getImageData(left + off, top, 1, 1).data[3] ?? -1);
      },
      { x, y: y + height / 2 },
    );
    expect(alphas[0]).toBeGreaterThan(200);
    expect(alphas[1]).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('and their rows point at each other, by pointer and by keyboard', async () => {
    const row = id('result').first().getByRole('button');
    await row.focus();
    await page.locator('[data-testid=overlay][data-highlighted="1"]').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('[data-testid=overlay]:not([data-highlighted])').waitFor();
    const place = await id('overlay').boundingBox();
    const { x = 0, y = 0, width = 0, height = 0 } = place ?? {};
    await page.mouse.move(x + width * 0.4, y + height * 0.6);
    expect(await row.getAttribute('data-highlighted')).toBe('true');
    await page.mouse.down();
    await page.mouse.up();
    await page.mouse.move(0, 0);
    expect(await row.getAttribute('data-highlighted')).toBe('true');
    await row.click();
  });

  test('are told to those who cannot see them', async () => {
    const label = (await id('preview').getAttribute('aria-label')) ?? '';
    expect(label).toMatch(/^The photo: astronaut\.png\. 1 object: person\. 1: person, \d+\.\d%$/);
    expect(await id('result').first().getByRole('button').textContent()).toMatch(/^1\s+person\s+\d+\.\d%$/);
  });

  test('follow the least score, the label and the most that are asked for', async () => {
    const least = id('control-scoreThreshold');
    expect(await least.getAttribute('aria-valuetext')).toBe('30%');
    await least.focus();
    await page.keyboard.press('Home');
    expect(await least.getAttribute('aria-valuetext')).toBe('5%');
    await settled((rows) => rows > 1);
    const many = await resultsOf(page);
    expect(Math.min(...many.map(({ score }) => score))).toBeGreaterThanOrEqual(0.05);
    const other = many.find(({ label }) => label !== 'person')?.label ?? '';
    await id('control-label').selectOption(other);
    await expect
      .poll(async () => (await resultsOf(page)).every(({ label }) => label === other), { timeout: 20_000 })
      .toBe(true);
    await id('control-label').selectOption('');
    await settled((rows) => rows === many.length);
    await id('control-maxDetections').focus();
    await page.keyboard.press('Home');
    await settled((rows) => rows === 1);
    await least.focus();
    await page.keyboard.press('End');
    await settled((rows) => rows === 0);
    expect(await id('sentence').textContent()).toBe('No object reaches this score.');
  });

  test('are those of the reference for faces, with six points each', async () => {
    await go('faces');
    await page.locator('canvas[aria-label*="1 face."]').waitFor();
    for (const { file: photo, faces: expected } of plain(faces.pictures)) {
      await runPhoto(page, photo);
      const shown = await resultsOf(page);
      expect(shown, photo).toHaveLength(expected.length);
      shown.forEach(({ score, box, points }, at) => {
        expect(Math.abs(score - (expected[at]?.score ?? Infinity)), photo).toBeLessThan(0.005);
        expect(worst(box, expected[at]?.box ?? []), photo).toBeLessThan(1);
        expect(points).toHaveLength(12);
        expect(worst(points, expected[at]?.keypoints.flat() ?? []), photo).toBeLessThan(1);
      });
    }
  });

  test('stay with a change of the framework, with page and query', async () => {
    const other = framework === 'react' ? 'vue' : 'react';
    await id(`face-${other}`).click();
    await page.waitForURL((url) => url.pathname === `/${other}/`);
    expect(new URL(page.url()).search).toBe('?backend=wasm&threads=1');
    await page.locator('[data-page=faces]').waitFor();
  });

  test('can be reached by keyboard from the top: skip, pages, framework, source, photo', async () => {
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });
    const reached: string[] = [];
    for (let tab = 0; tab < 11; tab += 1) {
      await page.keyboard.press('Tab');
      reached.push((await page.evaluate(() => document.activeElement?.textContent?.trim())) ?? '');
    }
    expect(reached).toEqual([
      'Skip to the page',
      'Classify',
      'Detect',
      'Faces',
      'Models',
      'React',
      'Vue',
      'Photo',
      'Camera',
      'Video',
      '',
    ]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('photo-input');
  });
});
