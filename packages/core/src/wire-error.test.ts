import { expect, test } from 'vitest';
import { HayateError, isHayateError } from './errors';
import { decodeError, encodeError } from './wire-error';

const cross = (error: unknown) => decodeError(structuredClone(encodeError(error)));

test('a HayateError keeps its code, details, stack and causes', () => {
  const cause = Object.assign(new TypeError('broken pipe'), { cause: new RangeError('deeper') });
  const details = { url: '/m.onnx', status: 404 };
  const error = new HayateError('model-unreachable', 'not there', details, { cause });
  const other = cross(error);
  expect(isHayateError(other)).toBe(true);
  expect(other).toMatchObject({ code: 'model-unreachable', message: 'not there', details, retryable: true });
  expect(other.stack).toBe(error.stack);
  expect(other.cause).toMatchObject({ name: 'TypeError', message: 'broken pipe' });
  expect((other.cause as Error).cause).toMatchObject({ name: 'RangeError', message: 'deeper' });
});

test('an AbortError stays the platform’s, other errors keep their name, and other values are described', () => {
  const abort = cross(new DOMException('ended', 'AbortError'));
  expect(abort).toBeInstanceOf(DOMException);
  expect(abort).toMatchObject({ name: 'AbortError', message: 'ended' });
  expect(cross(new DOMException('full', 'QuotaExceededError'))).toMatchObject({ name: 'QuotaExceededError' });
  expect(cross('a word')).toMatchObject({ name: 'Error', message: 'a word' });
});

test('an endless chain of causes is cut off', () => {
  const error = new Error('turns in a circle');
  error.cause = error;
  let depth = 0;
  for (let each = cross(error); each.cause; each = each.cause as Error) depth += 1;
  expect(depth).toBe(4);
});
