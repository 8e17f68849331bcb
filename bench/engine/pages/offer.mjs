import { makePhoto } from '../../src/photo.ts';
import { watchLongTasks } from './long-tasks.mjs';

/**
 * Lets Node start and run a contender of `bench/src` in this page.
 *
 * @param {() => Promise<import('../../src/contender').Contender<ImageBitmap | Blob>>} load
 */
export async function offer(load) {
  const scriptsMs = performance.now();
  const { file, bitmap } = await makePhoto(new URL('chelsea.jpg', document.baseURI).href);
  const photos = { ImageBitmap: bitmap, Blob: file };
  const takeLongTasks = watchLongTasks();
  let contender;

  globalThis.contender = {
    /** Loads the model and runs it once; milliseconds from the call, and those until the page's scripts had come. */
    async start() {
      const start = performance.now();
      contender = await load();
      const loadedMs = performance.now() - start;
      const { labels } = await contender.run(bitmap);
      return { scriptsMs, loadedMs, answeredMs: performance.now() - start, label: labels[0] };
    },

    /** Classifies one photo `runs` times, awaiting each. `marked` notes each start for a trace. */
    async classify(kind, runs, marked = false) {
      takeLongTasks();
      const callMs = [];
      let label;
      for (let run = 0; run < runs; run += 1) {
        // Each begins in a task of its own, as if somebody had clicked; otherwise those that never wait for another
        // thread were all one task.
        await nextTask();
        if (marked) performance.mark('run');
        const start = performance.now();
        const answer = contender.run(photos[kind]);
        callMs.push(performance.now() - start);
        ({
          labels: [label],
        } = await answer);
      }
      if (marked) performance.mark('end');
      // A long task is told after it has ended.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { callMs, label, longTasks: takeLongTasks() };
    },
  };
}

function nextTask() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
}
