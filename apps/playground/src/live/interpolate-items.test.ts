import { describe, expect, it } from 'vitest';
import type { OverlayItem } from '../overlay';
import { interpolateItems } from './interpolate-items';

const item = (number: number, x: number, tone = 0, points?: OverlayItem['points']): OverlayItem => ({
  number,
  text: `#${number}`,
  tone,
  box: { x, y: 10, width: 40, height: 20 },
  ...(points && { points }),
});

describe('interpolateItems', () => {
  const before = { timeMs: 100, items: [item(1, 0), item(2, 200)] };
  const after = { timeMs: 200, items: [item(1, 210), item(2, 10)] };

  it('gives the results themselves at their own times, and outside of them', () => {
    expect(interpolateItems(before, after, 100)).toBe(before.items);
    expect(interpolateItems(before, after, 200)).toBe(after.items);
    expect(interpolateItems(before, after, 50)).toBe(before.items);
    expect(interpolateItems(before, after, 300)).toBe(after.items);
    expect(interpolateItems(before, before, 100)).toBe(before.items);
  });

  it('lets boxes glide, each to the one it overlaps, whatever their order', () => {
    const boxes = interpolateItems(before, after, 125).map(({ box, text }) => [box.x, text]);
    expect(boxes).toEqual([
      [202.5, '#2'],
      [2.5, '#1'],
    ]);
  });

  it('lets points glide with their box', () => {
    const from = { timeMs: 0, items: [item(1, 0, 0, [{ x: 0, y: 0 }])] };
    const to = { timeMs: 100, items: [item(1, 10, 0, [{ x: 10, y: 20 }])] };
    expect(interpolateItems(from, to, 50)[0]?.points).toEqual([{ x: 5, y: 10 }]);
  });

  it('takes neither another kind nor what is far away for the same thing', () => {
    const from = { timeMs: 0, items: [item(1, 0, 0)] };
    for (const other of [item(1, 0, 1), item(1, 100, 0)]) {
      const to = { timeMs: 100, items: [other] };
      expect(interpolateItems(from, to, 25)).toEqual(from.items);
      expect(interpolateItems(from, to, 75)).toEqual(to.items);
    }
  });
});
