import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage, openPage } from '../browser.mjs';

const folder = import.meta.dirname;

/** The contenders in a cross-origin isolated page of Chromium. `yardstick`: the file of fast_image_resize, if there is one. */
export async function chromiumPlace(yardstick) {
  await buildPage(folder);
  if (yardstick) cpSync(yardstick, join(folder, 'dist/fast-image-resize.wasm'));
  const { page, base, version, close } = await openPage(folder, 'kernelsBench');
  return {
    name: 'Chromium',
    versions: [`Chromium ${version}`],
    contenders: await page.evaluate(
      (address) => globalThis.kernelsBench.prepare(address),
      yardstick && `${base}fast-image-resize.wasm`,
    ),
    round: (number) => page.evaluate((value) => globalThis.kernelsBench.round(value), number),
    levels: (place) => page.evaluate((value) => globalThis.kernelsBench.levels(value), place),
    close,
  };
}
