import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drawOverlay, type OverlayItem } from './overlay';

const item = (number: number): OverlayItem => ({
  number,
  text: `item ${number}`,
  tone: 0,
  box: { x: 0, y: 0, width: 10, height: 10 },
});

/** How opaque the text of each item is drawn. */
function alphas(highlighted: number | undefined): Readonly<Record<string, number>> {
  const drawn: Record<string, number> = {};
  const context = {
    canvas: { width: 100, height: 100 },
    globalAlpha: 1,
    measureText: () => ({ width: 5 }),
    fillText(text: string) {
      if (text.startsWith('item')) drawn[text] = this.globalAlpha;
    },
  };
  const rest = new Proxy(context, {
    get: (target, name) => Reflect.get(target, name) ?? (() => undefined),
  }) as unknown as CanvasRenderingContext2D;
  drawOverlay(rest, [item(1), item(2)], { width: 100, height: 100, pixelRatio: 1, highlighted });
  return drawn;
}

beforeEach(() => {
  vi.stubGlobal(
    'Path2D',
    class {
      roundRect = () => undefined;
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('one item stands out of the others', () => {
  expect(alphas(undefined)).toEqual({ 'item 1': 1, 'item 2': 1 });
  expect(alphas(2)).toEqual({ 'item 1': 0.35, 'item 2': 1 });
});

test('one that is not there any more dims no other', () => {
  expect(alphas(3)).toEqual({ 'item 1': 1, 'item 2': 1 });
});
