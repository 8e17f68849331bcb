import { describe, expect, test } from 'vitest';
import { createPartBuffer } from './part-buffer';

/** Fills parts of 4 bytes and returns those that were ended. */
function fillAll(buffer: ReturnType<typeof createPartBuffer>, bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(buffer.fill(rest).length);
    if (buffer.isFull) parts.push(buffer.next());
  }
  return parts;
}

describe('createPartBuffer', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

  test('ends a part when it is full, and copies what it is given', () => {
    const buffer = createPartBuffer(4);
    const given = bytes.slice();
    const parts = fillAll(buffer, given);
    given.fill(0);
    expect(parts).toEqual([bytes.slice(0, 4), bytes.slice(4, 8)]);
    expect(buffer.part).toEqual(bytes.slice(8));
    expect([buffer.receivedBytes, buffer.isFull]).toEqual([10, false]);
    expect(buffer.gathered()).toBeUndefined();
    expect(buffer.next()).toEqual(bytes.slice(8));
    expect(buffer.part).toHaveLength(0);
  });

  test('gathers the whole file, of which the parts are views', () => {
    const buffer = createPartBuffer(4);
    buffer.gather(10);
    const parts = fillAll(buffer, bytes);
    const whole = buffer.gathered();
    expect(whole).toEqual(bytes);
    expect(parts.every(({ buffer: memory }) => memory === whole?.buffer)).toBe(true);
  });

  test('gathers nothing when more or less comes than was announced', () => {
    for (const announced of [0, 3, 5, 9, 11]) {
      const buffer = createPartBuffer(4);
      buffer.gather(announced);
      const parts = [...fillAll(buffer, bytes.subarray(0, 6)), ...fillAll(buffer, bytes.subarray(6))];
      expect([...parts, buffer.next()].flatMap((part) => [...part])).toEqual([...bytes]);
      expect(buffer.gathered()).toBeUndefined();
    }
  });

  test('does without the whole file when there is no memory for it', () => {
    const buffer = createPartBuffer(4);
    buffer.gather(2 ** 60);
    expect(fillAll(buffer, bytes)).toHaveLength(2);
    expect(buffer.gathered()).toBeUndefined();
  });

  test('begins again, also in the middle of a file', () => {
    const buffer = createPartBuffer(4);
    buffer.gather(10);
    fillAll(buffer, bytes);
    buffer.reset(100);
    expect([buffer.receivedBytes, buffer.part.length]).toEqual([100, 0]);
    fillAll(buffer, bytes);
    expect(buffer.receivedBytes).toBe(110);
    expect(buffer.gathered()).toBeUndefined();
  });
});
