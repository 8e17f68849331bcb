import { expect, test } from 'vitest';
import { shareOutputs, type SeenImage } from './image-outputs';
import { createTensor } from './tensor';

const image: SeenImage = { width: 1, height: 1, toSource: [1, 0, 0, 0, 1, 0] };
const share = (count: number) =>
  shareOutputs(
    {
      scores: createTensor('float32', new Float32Array(6), [2, 3]),
      labels: createTensor('int32', new Int32Array(2), [2]),
    },
    1,
    count,
    image,
    (reason) => new Error(reason),
  );

test('gives one picture its share of a batch', () => {
  expect(share(2).floats('scores')).toMatchObject({ data: new Float32Array(3), dims: [3] });
});

test.each([
  ['labels', 2, 'the output "labels" is int32 [2], but must be a float32 tensor'],
  ['boxes', 2, 'the output "boxes" is missing, but must be a float32 tensor'],
  ['scores', 3, 'the output "scores" is [2, 3] for a batch of 3'],
])('says of the output "%s" what was expected and what was found', (name, count, message) => {
  expect(() => share(count).floats(name)).toThrow(message);
});
