import type { AnyContract } from '@hayate/core';
import type { ImageInput } from '@hayate/vision';
import type { Frame, LiveResult } from '@hayate/core/live';
import { createOverlayCanvas } from '../overlay-canvas';
import type { AnyTaskPage } from '../task-page';
import { itemsOf } from '../task-view';
import { createLatencyChart } from './latency-chart';
import { createLivePicture, type LivePicture } from './live-picture';

/** The canvases of a live page. */
export interface LiveCanvases {
  readonly picture: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly chart: HTMLCanvasElement;
}

/** What a stream draws, outside of any framework: too often for one. */
export interface LiveScene {
  /** For the stream's options of these names. */
  onFrame(frame: Frame<ImageInput>): void;
  onResult(result: LiveResult<AnyContract>): void;
  highlight(number: number | undefined): void;
  /** Draws on these from now on; returns what ends it. */
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
        // For tests: the time of the frame on show, and what lies over it.
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
