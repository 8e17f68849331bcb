import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import efficientnet from '@hayate/model-efficientnet-lite0/manifest.json';
import classifier from '@hayate/testing/models/tiny-classifier.json';
import detectors from '@hayate/testing/models/tiny-detectors.json';
import {
  file,
  FRAMEWORKS,
  runPhoto,
  resultsOf,
  startPlayground,
  statusIs,
  type Playground,
} from './playground';

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.close());

const tiny = (name: string) => file(`packages/testing/models/${name}.onnx`);

const tinyManifest = {
  format: 1,
  id: 'tiny-classifier',
  task: 'image-classification',
  files: { model: { url: 'tiny-classifier.onnx' } },
  preprocess: {
    kind: 'image',
    fit: { kind: 'stretch', width: 64, height: 64 },
    filter: 'bilinear',
    layout: 'nchw',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  },
  output: { layout: 'logits' },
  labels: Array.from({ length: 10 }, (_, index) => `label ${index}`),
  licence: 'MIT',
  source: { name: 'make-tiny-classifier.py', url: '' },
  revision: '1',
};

/** The tiny classifier and its manifest, as files that a person chooses; the graph has another name than in the manifest. */
const tinyFiles = [
  {
    name: 'renamed.onnx',
    mimeType: 'application/octet-stream',
    buffer: readFileSync(tiny('tiny-classifier')),
  },
  {
    name: 'manifest.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(tinyManifest)),
  },
];

describe.each(FRAMEWORKS)('the models of the %s page', (framework) => {
  let page: Page;
  let faults: string[];
  const id = (name: string) => page.getByTestId(name);
  const card = (name: string) => page.locator(`[data-testid=model][data-id="${name}"]`);
  const error = () => id('error').textContent();

  // One visitor, whose page is loaded anew for each test: what a test has added by hand is gone, what is stored stays.
  beforeAll(async () => {
    ({ page, faults } = await playground.open(`${framework}#/models`));
  });
  beforeEach(async () => {
    await page.evaluate(() => (location.hash = '#/models'));
    await page.reload();
  });
  afterEach(() => {
    expect(faults).toEqual([]);
  });
  afterAll(() => page.context().close());

  /** Fills in the form, in the order of its fields. */
  async function fill(answers: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(answers)) {
      const field = id(`own-${name}`);
      const tag = await field.evaluate(({ tagName }) => tagName);
      await (tag === 'SELECT' ? field.selectOption(value) : field.fill(value));
    }
  }

  async function loadOwn(
    files: Parameters<ReturnType<Page['getByTestId']>['setInputFiles']>[0],
    answers = {},
  ) {
    await id('own-files').setInputFiles(files);
    await fill(answers);
    await id('own-submit').click();
  }

  test('are fetched in advance, checked, pinned and removed, and what is damaged is found', async () => {
    const outcome = (words: string) => id('storage-outcome').and(page.getByText(words)).waitFor();
    const parts = () => id('storage-part').locator('dt').allTextContents();
    await id('storage-precache').click();
    await outcome('All models are kept.');
    expect(await parts()).toEqual(['efficientnet-lite0', 'centernet', 'blazeface']);
    expect(await id('storage-total').textContent()).toMatch(/^7\.\d MB$/);
    expect(await id('storage-precache').count()).toBe(0);
    await id('storage-verify').click();
    await outcome('all as they should be');

    await card('blazeface').getByTestId('pin').check();
    await card('blazeface').locator('input:checked').waitFor();
    // One bit of the detector’s first part changes at rest.
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('hayate');
      const names: string[] = [];
      for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys())
        names.push(name);
      const files = await Promise.all(
        names
          .filter((name) => name.endsWith('.0'))
          .map(async (name) => (await folder.getFileHandle(name)).getFile()),
      );
      const part = files.find(({ size }) => size > 2e6 && size < 3e6) as File;
      const bytes = new Uint8Array(await part.arrayBuffer());
      bytes[1000]! ^= 1;
      const stream = await (await folder.getFileHandle(part.name)).createWritable();
      await stream.write(bytes);
      await stream.close();
    });
    await id('storage-verify').click();
    await outcome('1 had changed and was removed');
    // Its labels are left.
    expect(await id('storage-part').nth(1).textContent()).toMatch(/^centernet\s*864 B$/);
    await card('blazeface').getByTestId('verify-kept').click();
    await outcome('1 file was read and hashed: all as they should be.');
    await id('storage-remove-all').click();
    await outcome('Nothing is kept any more.');
    expect(await parts()).toEqual([]);
    expect(await id('storage-total').textContent()).toBe('0 B');
  });

  test('are told with size, licence, input and numerics, and with what is kept and loaded', async () => {
    const about = await card('efficientnet-lite0').innerText();
    expect(about).toMatch(/4\.9 MB[^]*Apache-2\.0[^]*224 × 224, centre crop, NCHW[^]*bicubic, as Pillow/);
    await card('efficientnet-lite0').locator('text=Not kept').waitFor();
    await id('page-classify').click();
    await runPhoto(page, 'chelsea.png');
    await id('page-models').click();
    await card('efficientnet-lite0').and(page.locator('[data-kept=true][data-held=true]')).waitFor();
    expect(await card('efficientnet-lite0').innerText()).toMatch(/Kept, 4\.9 MB[^]*Loaded, on wasm/);
    expect(await id('held').textContent()).toMatch(/holds 1 model, in .* MB/);
    await card('efficientnet-lite0').getByTestId('remove-kept').click();
    await card('efficientnet-lite0').and(page.locator('[data-kept=false][data-held=true]')).waitFor();
  });

  test('take one from a file, described in the form, and it gives what NumPy makes of it', async () => {
    const [golden] = detectors.objects as [(typeof detectors.objects)[0]];
    await loadOwn(tiny(golden.model), {
      task: 'object-detection',
      layout: 'yolov8',
      width: String(golden.side),
      height: String(golden.side),
      labels: 'numbers',
    });
    await page.locator('[data-page=detect]').waitFor();
    expect(await id('model-picker').locator('option:checked').textContent()).toMatch(golden.model);
    await runPhoto(page, golden.picture);
    const shown = await resultsOf(page);
    for (const [at, { class_id, score, box }] of golden.objects.slice(0, 10).entries()) {
      const { label, score: actual = 0, box: [x = 0, y = 0, width = 0] = [] } = shown[at] ?? {};
      expect(label).toBe(String(class_id));
      expect(Math.abs(actual - score)).toBeLessThan(0.001);
      expect(Math.abs(x - box.x1) + Math.abs(y - box.y1) + Math.abs(x + width - box.x2)).toBeLessThan(0.1);
    }
    // It is a model like the others, until it is removed.
    await id('page-models').click();
    expect(await card(golden.model).innerText()).toMatch(/never kept[^]*Loaded, on wasm/);
    await id('remove-own').click();
    expect(await card(golden.model).count()).toBe(0);
  });

  test('run the photo again when another one is chosen', async () => {
    const bestIs = (label: RegExp) => id('result').first().filter({ hasText: label }).waitFor();
    await id('own-files').setInputFiles(tinyFiles);
    await id('own-submit').click();
    await page.locator('[data-page=classify]').waitFor();
    await runPhoto(page, 'chelsea.png');
    await bestIs(/^label \d/);
    await id('model-picker').selectOption({ index: 0 });
    await bestIs(/^tiger cat/);
    await id('model-picker').selectOption({ index: 1 });
    await bestIs(/^label \d/);
  });

  test('take one from a file and its manifest', async () => {
    await id('own-files').setInputFiles(tinyFiles);
    expect(await id('own-manifest').textContent()).toContain('manifest.json');
    await id('own-submit').click();
    await page.locator('[data-page=classify]').waitFor();
    await runPhoto(page, 'chelsea.png');
    const [best] = await resultsOf(page);
    const expected = Math.max(...classifier.scores['chelsea.png']);
    expect(Math.abs((best?.score ?? 0) - expected)).toBeLessThan(0.001);
  });

  test('take one from an address of this server', async () => {
    const assets = file('apps/playground/dist/assets');
    const asset = readdirSync(assets).find(
      (name) =>
        name.endsWith('.onnx') && statSync(`${assets}/${name}`).size === efficientnet.files.model.bytes,
    );
    await id('own-address').fill(`/assets/${asset}`);
    await id('own-submit').click();
    await page.locator('[data-page=classify]').waitFor();
    await runPhoto(page, 'coffee.png');
    expect((await resultsOf(page))[0]?.label).toBe('espresso');
  });

  const classify = { task: 'image-classification' };
  const detect = { task: 'object-detection' };
  const twenty = { labels: 'numbers', labelCount: '20' };
  const wrong: [string, string, Readonly<Record<string, string>>, RegExp][] = [
    [
      'another size than the graph’s',
      'tiny-yolox',
      { ...detect, layout: 'yolox', width: '128', ...twenty },
      /input "images" is float32 \[1, 3, 96, 96\], but "preprocess" makes float32 \[1, 3, 416, 128\]/,
    ],
    [
      'too few labels',
      'tiny-yolov8-80',
      { ...detect, layout: 'yolov8', width: '320', height: '320', ...twenty },
      /output "output0" is \[84, 2100\] for a picture, but must be \[24, anchors\]/,
    ],
    [
      'outputs that the graph does not have',
      'tiny-blazeface',
      { task: 'face-detection' },
      /no output "Identity:0", only .*"scores1"/,
    ],
    [
      'logits for a detector',
      'tiny-detr',
      { ...classify, width: '96', height: '96', fit: 'stretch', ...twenty },
      /output "logits" has \d+ values for 20 labels/,
    ],
  ];
  test('name what is wrong with one that does not fit, and go on', async () => {
    for (const [what, model, answers, message] of wrong) {
      await id('page-models').click();
      await loadOwn(tiny(model), answers);
      await statusIs(page, 'error');
      expect(await id('error').getAttribute('data-code'), what).toBe('bad-model');
      expect(await error(), what).toMatch(message);
      expect(await error(), what).toMatch(/Describe it otherwise on the page “Models”/);
    }
    await id('model-picker').selectOption({ index: 0 });
    await runPhoto(page, 'chelsea.png');
    expect((await resultsOf(page))[0]?.label).toBe('tiger cat');
  });

  test('say so when a file is no model', async () => {
    await loadOwn(file('samples/chelsea.png'), classify);
    await statusIs(page, 'error');
    expect(await error()).toMatch(/ONNX/);
  });

  test('say what a form or a manifest lacks, and which rule refuses an address', async () => {
    await id('own-submit').click();
    expect(await error()).toMatch(/Choose an ONNX file/);
    const buffer = Buffer.from(JSON.stringify({ ...tinyManifest, output: {} }));
    await loadOwn([{ name: 'manifest.json', mimeType: 'application/json', buffer }]);
    await page.getByText('"output.layout" must be a string').waitFor();
    const other = Buffer.from(JSON.stringify({ ...tinyManifest, task: 'depth-estimation' }));
    await loadOwn([{ name: 'manifest.json', mimeType: 'application/json', buffer: other }]);
    await page.getByText('is for depth-estimation; there are pages for').waitFor();
    await id('own-files').setInputFiles([]);
    await id('own-address').fill('https://models.invalid/model.onnx');
    await id('own-submit').click();
    await page.getByText("connect-src 'self'").waitFor();
    expect(await error()).toMatch(/its own server only[^]*not from https:\/\/models\.invalid[^]*Download/);
  });
});
