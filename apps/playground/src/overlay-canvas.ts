import { drawOverlay, itemAt, type OverlayItem, type OverlayView, type Point } from './overlay';
import { watchSize } from './watch-size';

/** The items that an overlay shows, and the size of the picture that they are in. */
export interface OverlayContent extends Omit<OverlayView, 'pixelRatio'> {
  readonly items: readonly OverlayItem[];
}

/** A canvas that lies over a photo or a live picture. */
export interface OverlayCanvas {
  /** Draws these items in place of those before. */
  show(content: OverlayContent): void;
  /** The number of the item under the pointer. */
  at(pointer: { readonly clientX: number; readonly clientY: number }): number | undefined;
  stop(): void;
}

/** Makes an overlay on a canvas. It has one pixel for each of the screen's, and is drawn again when that changes. */
export function createOverlayCanvas(canvas: HTMLCanvasElement): OverlayCanvas {
  const context = canvas.getContext('2d');
  let content: OverlayContent = { items: [], width: 1, height: 1 };
  let size = { width: 0, height: 0, pixelRatio: 1 };

  function draw(): void {
    if (context === null || size.width === 0) return;
    drawOverlay(context, content.items, { ...content, pixelRatio: size.pixelRatio });
  }

  const stop = watchSize(canvas, (width, height, pixelRatio) => {
    size = { width, height, pixelRatio };
    canvas.width = Math.round(width * pixelRatio);
    canvas.height = Math.round(height * pixelRatio);
    draw();
  });

  return {
    show(next) {
      content = next;
      draw();
    },
    at({ clientX, clientY }) {
      const { left, top } = canvas.getBoundingClientRect();
      const point: Point = { x: clientX - left, y: clientY - top };
      return itemAt(content.items, point, size, content);
    },
    stop,
  };
}
