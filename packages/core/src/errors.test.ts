import { describe, expect, test } from 'vitest';
import { HayateError } from './errors';

describe('retryable', () => {
  test.each(['denied', 'missing', 'busy', 'lost'] as const)(
    'a camera that is %s may be there later',
    (reason) => {
      expect(new HayateError('camera-unavailable', 'No.', { reason }).retryable).toBe(true);
    },
  );

  test('a page without access to cameras will have none', () => {
    const error = new HayateError('camera-unavailable', 'No.', { reason: 'unsupported' });
    expect(error.retryable).toBe(false);
  });

  test('the login page of a network is gone later, and what was disposed of stays so', () => {
    const details = { url: '', expected: '', actual: '' };
    expect(new HayateError('model-corrupt', 'No.', details).retryable).toBe(true);
    expect(new HayateError('disposed', 'Gone.', {}).retryable).toBe(false);
  });
});
