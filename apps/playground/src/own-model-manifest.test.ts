import { modelKey } from '@hayate/core';
import { afterEach, expect, test, vi } from 'vitest';
import { describeModel } from './own-model-manifest';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a model that is described anew, with other labels, is another model', () => {
  vi.stubGlobal('location', { href: 'https://a.test/' });
  const model = { url: 'my.onnx', blob: new Blob(['a']) };
  const describe = (labelLines: string) => {
    const data = new FormData();
    const answers = {
      layout: 'logits',
      labels: 'lines',
      labelLines,
      fit: 'stretch',
      width: '8',
      height: '8',
    };
    for (const [name, answer] of Object.entries(answers)) data.set(name, answer);
    return describeModel(data, model, 'my.onnx');
  };
  const [first, second] = [describe('cat\ndog'), describe('dog\ncat')];
  expect(second.labels).toEqual(['dog', 'cat']);
  expect(modelKey(second)).not.toBe(modelKey(first));
});
