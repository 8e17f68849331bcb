import type { AnyContract } from '@hayate/core';
import type { ImageInput } from '@hayate/vision';
import type { Frame, LiveResult } from '@hayate/core/live';
import { createOverlayCanvas } from '../overlay-canvas';
import type { AnyTaskPage } from '../task-page';
import { itemsOf } from '../photo-page-view';
import { createLatencyChart } from './latency-chart';
import { createLivePicture, type LivePicture } from './live-picture';

/** The canvases of a live page. */
export interface LiveCanvases {
  readonly picture: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly chart: HTMLCanvasElement;
}

/** Draws a live task's frames and results without React or Vue, for it draws with each frame. */
export interface LiveScene {
  /** For the options of these names of the live task. */
  onFrame(frame: Frame<ImageInput>): void;
  onResult(result: LiveResult<AnyContract>): void;
  highlight(number: number | undefined): void;
  /** Draws on these canvases until the returned function is called. */
  mount(canvases: LiveCanvases): () => void;
}

/** Makes the scene of a page. */
export function createLiveScene(page: AnyTaskPage): LiveScene {
  let picture: LivePicture | undefined;
  let addToChart: ReturnType<typeof createLatencyChart>['add'] | undefined;
  let highlighted: number | undefined;

  return {
    onFrame: (frame) => picture?.frame(frame),
    onResult({ frame, output, timings, latencyMs }) {
      picture?.result(frame, itemsOf(page.rows(output)));
      addToChart?.({ latencyMs, runMs: timings?.['inference'] ?? 0 });
    },
    highlight(number) {
      highlighted = number;
    },
    mount(canvases) {
      const overlay = createOverlayCanvas(canvases.overlay);
      addToChart = createLatencyChart(canvases.chart).add;
      const mine = createLivePicture(canvases.picture, ({ items, timeMs, width, height }) => {
        overlay.show({ items, width, height, highlighted });
        // For tests: the time of the frame that is shown, and the items over it.
        const [first] = items;
        Object.assign(canvases.overlay.dataset, {
          timeMs: String(timeMs),
          items: String(items.length),
          firstX: first === undefined ? '' : String(first.box.x),
        });
      });
      picture = mine;
      return () => {
        mine.stop();
        overlay.stop();
        if (picture === mine) picture = addToChart = undefined;
      };
    },
  };
}
