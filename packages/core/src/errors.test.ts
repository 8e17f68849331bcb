import { describe, expect, test } from 'vitest';
import { HayateError } from './errors';

describe('retryable', () => {
  test.each(['denied', 'missing', 'busy', 'lost'] as const)(
    'camera-unavailable with the reason "%s" is retryable',
    (reason) => {
      expect(new HayateError('camera-unavailable', 'No.', { reason }).retryable).toBe(true);
    },
  );

  test('camera-unavailable with the reason "unsupported" is not retryable', () => {
    const error = new HayateError('camera-unavailable', 'No.', { reason: 'unsupported' });
    expect(error.retryable).toBe(false);
  });

  test('model-corrupt is retryable, disposed is not', () => {
    const details = { url: '', expected: '', actual: '' };
    expect(new HayateError('model-corrupt', 'No.', details).retryable).toBe(true);
    expect(new HayateError('disposed', 'Gone.', {}).retryable).toBe(false);
  });
});
