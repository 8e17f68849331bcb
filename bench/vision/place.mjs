import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildPage, launchBrowser, servePages, visit } from '../browser.mjs';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');
const samples = join(folder, '../../samples');
const SAMPLES = ['faces/two-faces.png', 'coffee.png', 'live.webm'];

/** The models that are not shipped, in the folder of `HAYATE_MODELS`. */
const OTHERS = { yolox: 'yolox-nano/yolox_nano.onnx', nanodet: 'nanodet-g/nanodet_g_416.onnx' };

/** Builds and serves the pages, and starts a browser for them that reaches nothing else. */
export async function openPlace() {
  await buildPage(folder, ['still.html', 'live.html']);
  for (const name of SAMPLES) copy(join(samples, name), `samples/${name.split('/').at(-1)}`);
  const { HAYATE_MODELS: models, HAYATE_MEDIAPIPE_MODEL: mediapipeModel } = process.env;
  if (models !== undefined) {
    for (const [name, file] of Object.entries(OTHERS)) copy(join(models, file), `models/${name}.onnx`);
  }
  if (mediapipeModel !== undefined) {
    const require = createRequire(join(folder, '../package.json'));
    copy(join(dirname(require.resolve('@mediapipe/tasks-vision')), 'wasm'), 'mediapipe/wasm');
    copy(mediapipeModel, 'mediapipe/model.tflite');
  }
  const { base, close } = await servePages(folder);
  const browser = await launchBrowser();
  const foreign = new Set();
  return {
    browser,
    version: browser.version(),
    models: ['blazeface', 'centernet', ...(models === undefined ? [] : Object.keys(OTHERS))],
    mediapipe: mediapipeModel && { wasm: `${base}mediapipe/wasm`, model: `${base}mediapipe/model.tflite` },
    /** The other hosts that the pages have asked for, in vain. */
    foreign,
    async open(name) {
      const context = await browser.newContext();
      await context.route(
        ({ origin, protocol }) => protocol.startsWith('http') && origin !== new URL(base).origin,
        (route) => {
          foreign.add(new URL(route.request().url()).host);
          return route.abort();
        },
      );
      return visit(context, `${base}${name}.html`, name);
    },
    async close() {
      await browser.close();
      await close();
    },
  };
}

function copy(from, to) {
  if (!existsSync(from)) throw new Error(`There is no ${from}.`);
  mkdirSync(dirname(join(dist, to)), { recursive: true });
  cpSync(from, join(dist, to), { recursive: true });
}
