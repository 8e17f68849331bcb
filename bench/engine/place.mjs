import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage, launchBrowser, servePages, visit } from '../browser.mjs';
import { copyOrtFiles, writeModelFolder } from '../model-folder.mjs';
import { makeSlowModel } from './slow-model.mjs';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');

/** Builds and serves the pages, and starts a browser for them. */
export async function openPlace() {
  await buildPage(folder, ['hayate.html', 'transformers-js.html', 'video.html', 'sessions.html']);
  copyOrtFiles(join(dist, 'ort'));
  writeModelFolder(join(dist, 'models/efficientnet-lite0'));
  cpSync(join(folder, '../../samples/chelsea.jpg'), join(dist, 'chelsea.jpg'));
  writeFileSync(join(dist, 'slow-model.onnx'), makeSlowModel());
  const { base, requests, close } = await servePages(folder);
  const browser = await launchBrowser();
  return {
    browser,
    requests,
    version: browser.version(),
    /** Opens a page in `context`, by default one of its own with empty caches, once `global` is defined in it. */
    async open(name, global, context) {
      return visit(context ?? (await browser.newContext()), `${base}${name}.html`, global);
    },
    async close() {
      await browser.close();
      await close();
    },
  };
}
