import { watchLongTasks } from '../../engine/pages/long-tasks.mjs';
import { loadHayate } from './hayate.mjs';
import { loadMediapipe } from './mediapipe.mjs';
import { models } from './models.mjs';
import { loadPlain } from './plain.mjs';
import { makeScene } from './scenes.mjs';
import { inWorker } from './served.mjs';

const often = { willReadFrequently: true };
let scene;
let contenders;
let takeLongTasks;
let pictures;

globalThis.still = {
  /** Loads all contenders of a model; `mediapipe` are the addresses of its files. */
  async prepare(which, mediapipe) {
    const model = await models[which]();
    scene = await makeScene(model.scene);
    contenders = await loadContenders(which, model, mediapipe);
    takeLongTasks = watchLongTasks();
    return contenders.map(({ name }) => name);
  },

  /** Runs each contender twice, in an order that turns; of the second run, the milliseconds and what was found. */
  async round(kind, number) {
    const results = [];
    for (const step of contenders.keys()) {
      const at = (step + number) % contenders.length;
      await contenders[at].run(await scene[kind]());
      const picture = await scene[kind]();
      await nextTask();
      const start = performance.now();
      const { found, stages, timings } = await contenders[at].run(picture);
      results[at] = { ms: performance.now() - start, found, stages, timings };
    }
    return results;
  },

  /** Makes the pictures of the next `batch`. */
  async makePictures(kind, count) {
    pictures = [];
    while (pictures.length < count) pictures.push(await scene[kind]());
    await new Promise((resolve) => setTimeout(resolve, 200));
    takeLongTasks();
  },

  /** Runs a contender over those pictures, each run in a task of its own and marked for a trace; gives the long tasks. */
  async batch(at) {
    for (const picture of pictures) {
      await nextTask();
      performance.mark('run');
      await contenders[at].run(picture);
    }
    performance.mark('end');
    // A long task is told after it has ended.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return takeLongTasks();
  },
};

async function loadContenders(which, { contract, manifest }, mediapipe) {
  const plainWorker = () => new Worker(new URL('./plain.worker.mjs', import.meta.url), { type: 'module' });
  const plain = [which, manifest.files.model.url];
  return [
    { name: 'Hayate', ...(await loadHayate(contract, manifest)) },
    { name: 'plain, in a worker', ...(await inWorker(plainWorker(), [...plain, often])) },
    { name: 'plain, on the page', ...(await loadPlain(...plain, often)) },
    ...(which === 'blazeface' ? await loadOthers() : []),
    ...(mediapipe ? await loadMediapipes(mediapipe) : []),
  ];

  /** With the canvas as it is by default. */
  async function loadOthers() {
    return [
      {
        name: 'plain, in a worker, without `willReadFrequently`',
        ...(await inWorker(plainWorker(), [...plain, {}])),
      },
      { name: 'plain, on the page, without `willReadFrequently`', ...(await loadPlain(...plain, {})) },
    ];
  }
}

async function loadMediapipes(files) {
  const worker = new Worker(new URL('./mediapipe.worker.mjs', import.meta.url), { type: 'module' });
  return [
    { name: 'MediaPipe (`IMAGE`), on the page', ...(await loadMediapipe(files, 'IMAGE', false)) },
    { name: 'MediaPipe (`VIDEO`), on the page', ...(await loadMediapipe(files, 'VIDEO', false)) },
    { name: 'MediaPipe (`IMAGE`), in a worker', ...(await inWorker(worker, [files, 'IMAGE', true])) },
  ];
}

function nextTask() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
}
