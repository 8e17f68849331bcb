import { expect } from 'vitest';
import { createModelStore } from '../create-model-store';
import { createCuttingFetch } from '../download/cutting-fetch.test.helper';
import { createJournal } from '../journal/journal';
import { sweep } from '../journal/make-room';
import { modelBytes } from '../model-bytes.test.helper';
import type { ModelStorage } from './model-storage';

/** Names of files that an app or a person may keep in the place of a store; some are like the store's own names. */
export const FOREIGN_NAMES: readonly string[] = [
  ...['thesis.docx', 'notes', 'README.md', 'model.onnx', 'weights.bin', 'project.json', 'photo.1.jpg'],
  ...[
    'photo.1',
    '20241201.1',
    'cafe.0',
    'a.r0',
    'a.used',
    'a.pinned',
    'probe.txt',
    'probe.1',
    '100%.0',
    'a#b.1',
    'ü.0',
    '.0',
  ],
  ...[`${'a'.repeat(27)}.0`, `${'a'.repeat(65)}.0`, `${'A'.repeat(64)}.0`, `${'a'.repeat(64)}.onnx`],
];

/** Uses every call of a store that removes something; at the end nothing of the store is left. */
export async function useStore(storage: ModelStorage): Promise<void> {
  const model = modelBytes(30_000);
  const { fetch } = createCuttingFetch(model, [{ at: 20_000 }]);
  const store = createModelStore({
    storage,
    fetch,
    checkpointBytes: 8192,
    retry: { tries: 1 },
    budgetBytes: 40_000,
  });
  const url = 'https://models.test/m.onnx';
  await expect(store.getFile(url)).rejects.toMatchObject({ code: 'model-unreachable' });
  await store.deletePartials();
  expect(await store.getFile(url)).toMatchObject({ bytes: model });
  expect(await store.getFile(`${url}?other`)).toMatchObject({ bytes: model });
  await sweep(createJournal(storage), Date.now() + 30 * 24 * 3600e3);
  await store.delete(url);
  await store.clear();
  expect(await createJournal(storage).names()).toEqual([]);
}
