import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAMEWORKS, runPhoto, startPlayground, statusIs, type Playground } from './playground';

const { source } = createRequire(import.meta.url)('axe-core') as { readonly source: string };

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.close());

/** Serious and critical violations, each with where it is and what axe says of it. */
async function violations(page: Page): Promise<readonly string[]> {
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return axe.run({ resultTypes: ['violations'] });
  });
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
}

describe.each(FRAMEWORKS)('for everybody, the %s page', (framework) => {
  test('has no serious violation, in light and in dark', async () => {
    const { page, faults } = await playground.open(framework, { reducedMotion: 'reduce' });
    // By the debugger's protocol, for the page's policy would refuse a script.
    await page.evaluate(source);
    const found: string[] = [];
    const check = async (what: string) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          found.push(
            ...(await violations(page)).map((each) => `${what} at ${width}, ${colorScheme}: ${each}`),
          );
        }
      }
    };
    await statusIs(page, 'ready');
    await check('classify, empty');
    await runPhoto(page, 'chelsea.png');
    await page.getByTestId('doctor-open').click();
    await check('classify');
    for (const path of ['detect', 'faces']) {
      await page.getByTestId(`page-${path}`).click();
      await page.waitForSelector(`[data-page=${path}]`);
      await runPhoto(page, 'astronaut.png');
      await check(path);
    }
    await page.getByTestId('source-video').click();
    await check('faces, a video');
    await page.getByTestId('live-toggle').click();
    await page.waitForSelector('[data-testid=overlay][data-items="1"]');
    await check('faces, live');
    await page.getByTestId('page-models').click();
    await page.getByTestId('own-submit').click();
    await page.getByTestId('error').waitFor();
    await check('models');
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
