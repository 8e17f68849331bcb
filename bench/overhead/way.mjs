import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { EngineProvider, useClassifier } from '@hayate/react';
import { connectEngine } from '@hayate/worker';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const engine = connectEngine(() => new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' }), {
  backends: ['wasm'],
  threads: 1,
});
let classifier;
let photo;

function App() {
  classifier = useClassifier({ model });
  return createElement('p', undefined, classifier.output?.[0]?.label ?? classifier.status);
}

globalThis.way = {
  async start() {
    photo = await (await fetch('/samples/chelsea.jpg')).blob();
    createRoot(/** @type {HTMLElement} */ (document.getElementById('app'))).render(
      createElement(EngineProvider, { engine }, createElement(App)),
    );
    while (classifier === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    await classifier.runAsync(photo);
  },
  async run() {
    const output = await classifier.runAsync(photo);
    // React shows it in a task of its own.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return output[0].label;
  },
};
