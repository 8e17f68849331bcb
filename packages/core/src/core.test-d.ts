import { expectTypeOf, test } from 'vitest';
import { HayateError, type AnyHayateError } from './errors';
import { createTensor, type AnyCpuTensor } from './ports/tensor';
import type { TaskState } from './task/task-state';

test('checking a code narrows the details', () => {
  const error = null as unknown as AnyHayateError;
  if (error.code === 'model-unreachable')
    expectTypeOf(error.details.status).toEqualTypeOf<number | undefined>();
  // @ts-expect-error these details belong to other codes
  new HayateError('queue-full', 'Full.', { reason: 'no' });
});

test('checking a status narrows the state', () => {
  const state = null as unknown as TaskState<string>;
  expectTypeOf(state.output).toEqualTypeOf<string | undefined>();
  if (state.status === 'error') expectTypeOf(state.error).toEqualTypeOf<AnyHayateError>();
  // @ts-expect-error only an error state has an error
  void state.error;
});

test('checking an element type narrows the data', () => {
  expectTypeOf(createTensor('int64', new BigInt64Array(1), [1]).data).toEqualTypeOf<BigInt64Array>();
  const tensor = null as unknown as AnyCpuTensor;
  if (tensor.type === 'float32') expectTypeOf(tensor.data).toEqualTypeOf<Float32Array>();
});
