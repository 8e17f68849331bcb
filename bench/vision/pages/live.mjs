import { createTask } from '@hayate/core';
import { frames } from '@hayate/vision';
import { createLive } from '@hayate/core/live';
import { faceDetection } from '@hayate/vision/tasks/face-detection';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { blazeface } from '@hayate/model-blazeface';
import { centernet } from '@hayate/model-centernet';
import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { watchLongTasks } from '../../engine/pages/long-tasks.mjs';
import { startEngine } from './hayate.mjs';

const video = document.createElement('video');
const takeLongTasks = watchLongTasks();
let tasks;

globalThis.live = {
  async prepare() {
    Object.assign(video, {
      muted: true,
      loop: true,
      src: new URL('samples/live.webm', document.baseURI).href,
    });
    document.body.append(video);
    await video.play();
    const engine = startEngine();
    tasks = {
      blazeface: createTask(engine, faceDetection, { model: blazeface }),
      efficientnetLite0: createTask(engine, imageClassification, { model: efficientnetLite0 }),
      centernet: createTask(engine, objectDetection, { model: centernet }),
    };
    for (const task of Object.values(tasks)) await task.load();
    return Object.keys(tasks);
  },

  /** Streams the video into a model, or into nothing, for so many seconds. Each result is marked for a trace. */
  async play(name, seconds) {
    takeLongTasks();
    const results = [];
    const stream =
      tasks[name] &&
      createLive(tasks[name], frames(video), {
        onResult({ latencyMs, timings }) {
          performance.mark('run');
          results.push({ latencyMs, ownMs: timings.total - timings.queue });
        },
      });
    const shown = video.getVideoPlaybackQuality().totalVideoFrames;
    const start = performance.now();
    stream?.start();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const elapsedMs = performance.now() - start;
    const shownSince = video.getVideoPlaybackQuality().totalVideoFrames - shown;
    performance.mark('end');
    const { error, stats } = stream?.getSnapshot() ?? {};
    stream?.stop();
    if (error) throw error;
    // The run that was under way ends before the next begins; a long task is told after it has ended.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { results, stats, elapsedMs, shown: shownSince, longTasks: takeLongTasks() };
  },
};
