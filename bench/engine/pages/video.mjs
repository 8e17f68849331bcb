import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { connectEngine } from '@hayate/worker';
import { makePicture, toPlanes } from '../../kernels/picture.mjs';
import { countFrames } from './frame-count.mjs';
import { watchLongTasks } from './long-tasks.mjs';

const size = { width: 1280, height: 720 };
const FRAMES_PER_SECOND = 30;
/** More than it takes until a run that was just asked for stands in the queue. */
const MICROTASKS = 50;

const spawn = () => new Worker(new URL('./video.worker.mjs', import.meta.url), { type: 'module' });
const engine = connectEngine(spawn, { backends: ['wasm'], threads: 1 });
/** EfficientNet-Lite0's preprocessing before a model that takes a few times as long as a frame lasts. */
const model = {
  ...efficientnetLite0,
  id: 'slow',
  files: { model: { url: new URL('slow-model.onnx', document.baseURI).href } },
  labels: Array.from({ length: 10 }, (_, index) => `label ${index}`),
};

globalThis.video = {
  async prepare() {
    const loaded = await engine.load(imageClassification, { model });
    const planes = toPlanes(makePicture(size), size, false);
    const { counts } = countFrames();
    globalThis.video.play = (seconds) => play(loaded, planes, counts, seconds);
    await play(loaded, planes, counts, 1);
  },
};

/** Hands over 30 frames a second for `seconds`, and waits for what becomes of them. */
async function play(loaded, planes, counts, seconds) {
  const takeLongTasks = watchLongTasks();
  const before = { ...counts(), dropped: loaded.queue.dropped };
  const figures = {
    given: 0,
    failed: 0,
    latencyMs: /** @type {number[]} */ ([]),
    ownMs: /** @type {number[]} */ ([]),
    ratios: /** @type {number[]} */ ([]),
    mostWaiting: 0,
    makeMs: /** @type {number[]} */ ([]),
    callMs: /** @type {number[]} */ ([]),
  };
  const runs = [];
  const look = () => (figures.mostWaiting = Math.max(figures.mostWaiting, loaded.queue.waiting));

  async function give() {
    const start = performance.now();
    const frame = new VideoFrame(planes, {
      ...{ format: 'I420', codedWidth: size.width, codedHeight: size.height, timestamp: start * 1000 },
      colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
    });
    const given = performance.now();
    figures.given += 1;
    const run = loaded.run(frame, {}, { policy: 'latest', transfer: true });
    figures.callMs.push(performance.now() - given);
    figures.makeMs.push(given - start);
    runs.push(settle(run, given));
    for (let turn = 0; turn < MICROTASKS; turn += 1) {
      look();
      await undefined;
    }
  }

  async function settle(run, given) {
    try {
      const { timings } = await run;
      const latencyMs = performance.now() - given;
      const ownMs = timings.total - timings.queue;
      figures.latencyMs.push(latencyMs);
      figures.ownMs.push(ownMs);
      figures.ratios.push(latencyMs / ownMs);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) figures.failed += 1;
    }
    look();
  }

  const start = performance.now();
  for (let frame = 1; frame <= seconds * FRAMES_PER_SECOND; frame += 1) {
    const due = start + (frame * 1000) / FRAMES_PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    look();
    void give();
  }
  await Promise.all(runs);
  const page = counts();
  const worker = await askWorker();
  return {
    ...figures,
    dropped: loaded.queue.dropped - before.dropped,
    made: page.seen - before.seen,
    openInPage: page.open,
    receivedByWorker: worker.seen,
    openInWorker: worker.open,
    longTasks: takeLongTasks(),
  };
}

function askWorker() {
  const channel = new BroadcastChannel('frame-counts');
  return new Promise((resolve) => {
    channel.addEventListener('message', ({ data }) => {
      channel.close();
      resolve(data);
    });
    channel.postMessage('counts, please');
  });
}
