import type { Manifest } from '@hayate/core';
import { afterEach, expect, test, vi } from 'vitest';
import { createOwnModelForm } from './own-model-form';

afterEach(() => {
  vi.unstubAllGlobals();
});

const manifest: Manifest = {
  format: 1,
  id: 'mine',
  task: 'image-classification',
  files: { model: { url: 'my model.onnx' }, labels: { url: 'labels.json' } },
  output: { layout: 'logits' },
  labels: { file: 'labels' },
  licence: 'mine',
  source: { name: 'me', url: '' },
  revision: '1',
};

test('a manifest is found beside labels in JSON, and its files by their names', async () => {
  vi.stubGlobal('location', { href: 'https://a.test/react/' });
  const data = new FormData();
  const files = [
    new File(['["a"]'], 'labels.json'),
    new File([JSON.stringify(manifest)], 'manifest.json'),
    new File(['other'], 'another.onnx'),
    new File(['model'], 'my model.onnx'),
  ];
  for (const file of files) data.append('files', file);
  const models: Manifest[] = [];
  const form = createOwnModelForm((model) => models.push(model));
  form.change(data);
  expect(form.getSnapshot().manifestName).toBe('manifest.json');
  await form.submit(data);
  expect(form.getSnapshot().problem).toBeUndefined();
  const [found] = models;
  expect(await found?.files['model']?.blob?.text()).toBe('model');
  expect(await found?.files['labels']?.blob?.text()).toBe('["a"]');
});

test('a manifest whose preprocess cannot be used is refused by its field', async () => {
  vi.stubGlobal('location', { href: 'https://a.test/react/' });
  const data = new FormData();
  const text = JSON.stringify({ ...manifest, preprocess: { kind: 'image', fit: { kind: 'stretch' } } });
  data.append('files', new File([text], 'manifest.json'));
  const onModel = vi.fn();
  const form = createOwnModelForm(onModel);
  await form.submit(data);
  expect(onModel).not.toHaveBeenCalled();
  expect(form.getSnapshot().problem?.sentence).toMatch(/"preprocess\.fit\.width"/);
});
