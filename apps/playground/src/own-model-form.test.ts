import type { Manifest } from '@hayate/core';
import { afterEach, expect, test, vi } from 'vitest';
import { createOwnModelForm } from './own-model-form';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a manifest is found beside labels in JSON, and its files by their names', async () => {
  vi.stubGlobal('location', { href: 'https://a.test/react/' });
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
