import { sampleReferences, sampleUrl } from '@hayate/testing';
import { frames } from '@hayate/vision';
import { connectEngine } from '@hayate/worker';
import { EngineProvider } from '@hayate/react';
import { hayate } from '@hayate/vue';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from 'vue';
import { waitForFace } from './live';
import { startPage } from './page';
import { Classifier as ReactClassifier } from './react';
import { Classifier as VueClassifier } from './vue';

const best = sampleReferences['chelsea.png']?.top5?.map(({ label }) => label) ?? [];
const spawn = () => new Worker(new URL('./inference.worker.ts', import.meta.url), { type: 'module' });
let page: HTMLElement;

async function choosePhoto(): Promise<void> {
  const find = () => page.querySelector<HTMLInputElement>('input[type=file]');
  await vi.waitFor(() => {
    expect(find()).not.toBeNull();
  });
  const input = find()!;
  const files = new DataTransfer();
  files.items.add(new File([await (await fetch(sampleUrl('chelsea.png'))).blob()], 'chelsea.png'));
  input.files = files.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

const items = () => [...page.querySelectorAll('li')].map(({ textContent }) => textContent);
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });

beforeEach(() => {
  page = document.body.appendChild(document.createElement('main'));
});
afterEach(() => {
  page.remove();
});

test('the plain page shows the best label', async () => {
  page.innerHTML = '<input type="file"><output></output>';
  const output = page.querySelector('output')!;
  startPage(page.querySelector('input')!, output);
  await choosePhoto();
  await until(() => {
    expect(output.value).toBe(best[0]);
  });
});

test('the React component shows the labels of the reference', async () => {
  const engine = connectEngine(spawn);
  const root = createRoot(page);
  root.render(createElement(EngineProvider, { engine }, createElement(ReactClassifier)));
  await choosePhoto();
  await until(() => {
    expect(items()).toEqual(best);
  });
  root.unmount();
  await engine.dispose();
});

test('the Vue component shows the labels of the reference', async () => {
  const engine = connectEngine(spawn);
  const app = createApp(VueClassifier).use(hayate(engine));
  app.mount(page);
  await choosePhoto();
  await until(() => {
    expect(items()).toEqual(best);
  });
  app.unmount();
  await engine.dispose();
});

test('the live program waits for a face, and finds one', async () => {
  const engine = connectEngine(spawn);
  const video = page.appendChild(document.createElement('video'));
  Object.assign(video, { muted: true, loop: true, src: sampleUrl('live.webm') });
  await video.play();
  const face = await waitForFace(engine, frames(video));
  expect(face?.score).toBeGreaterThan(0.5);
  expect(face?.keypoints).toHaveLength(6);
  await engine.dispose();
});
