import { expect, test } from 'vitest';
import { createTensor } from '../ports/tensor';
import { sliceOutputs } from './serve-graph';

const share = (count: number) =>
  sliceOutputs(
    {
      scores: createTensor('float32', new Float32Array(6), [2, 3]),
      labels: createTensor('int32', new Int32Array(2), [2]),
    },
    1,
    count,
    (reason) => new Error(reason),
  );

test('returns the outputs of one input of a batch', () => {
  expect(share(2).floats('scores')).toMatchObject({ data: new Float32Array(3), dims: [3] });
});

test.each([
  ['labels', 2, 'the output "labels" is int32 [2], but must be a float32 tensor'],
  ['boxes', 2, 'the output "boxes" is missing, but must be a float32 tensor'],
  ['scores', 3, 'the output "scores" is [2, 3] for a batch of 3'],
])('says of the output "%s" what was expected and what was found', (name, count, message) => {
  expect(() => share(count).floats(name)).toThrow(message);
});
