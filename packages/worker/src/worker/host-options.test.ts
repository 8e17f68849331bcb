import type { BackendName } from '@hayate/core';
import { describe, expect, test } from 'vitest';
import { hostOptions } from './host-options';
import { PROTOCOL, type FallbackLevel } from '../wire/protocol';

const greet = (fallback: FallbackLevel, options = {}) => ({
  protocol: PROTOCOL,
  lock: 'a',
  fallback,
  options,
});
const own = { pipelines: [], threads: 4 };

describe('hostOptions', () => {
  test('the page’s choices go before the worker’s own', () => {
    const backends: BackendName[] = ['webgpu'];
    expect(hostOptions({ ...own, backends: ['wasm'] }, greet('none', { backends, threads: 2 }))).toEqual({
      pipelines: [],
      backends,
      threads: 2,
    });
  });

  test('after crashes there is no GPU, then one thread', () => {
    expect(hostOptions(own, greet('no-gpu'))).toMatchObject({ backends: ['wasm'], threads: 4 });
    const asked = { backends: ['webgpu', 'wasm'] };
    expect(hostOptions(own, greet('one-thread', asked))).toMatchObject({ backends: ['wasm'], threads: 1 });
  });

  test('an app that allows only the GPU gets no other backend', () => {
    expect(hostOptions(own, greet('no-gpu', { backends: ['webgpu'] })).backends).toEqual(['webgpu']);
  });
});
