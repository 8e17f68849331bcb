import type { HayateError, StoredFile } from '@hayate/core';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { createModelStore } from '../create-model-store';
import { sha256Hex } from '../digest';
import { FAULTS } from './faults.test.helper';
import { modelBytes } from '../model-bytes.test.helper';
import type { ModelStorage } from '../storages/model-storage';

const BYTES = 60_000;
const onPage = typeof location !== 'undefined';
const { faultsEvery } = inject('store');
// In Node all of them; in browsers, which take longer, `npm test` tries one in so many.
const TRIED = FAULTS.map((fault, index) => ({ ...fault, index })).filter(
  ({ index }) => !onPage || index % faultsEvery === 0,
);
let runs = 0;

/** Every fault of the table against one storage: the right bytes, or the error that the table says. */
export function describeFaults(name: string, makeStorage: () => ModelStorage): void {
  describe(`wrong answers, into ${name}`, () => {
    const server = inject('faultServer');
    const model = modelBytes(BYTES);
    let passed = 0;
    afterAll(() => {
      console.log(`store: wrong answers into ${name}: ${passed} of ${TRIED.length} as the table says`);
    });

    test.each(TRIED)(
      '$name: $outcome',
      { timeout: 30_000 },
      async ({ index, outcome, onPage: outcomeOnPage, orElse = outcome, status, requests = Infinity }) => {
        const sha256 = await sha256Hex(model);
        const id = `${name}-${Date.now()}-${(runs += 1)}`.replaceAll(' ', '-');
        const url = `${server}/${index}/${id}/${BYTES}`;
        const storage = makeStorage();
        const store = createModelStore({
          storage,
          checkpointBytes: 16_384,
          stallMs: 1000,
          retry: { firstMs: 1 },
        });
        await store.clear();
        const expected = (onPage && outcomeOnPage) || outcome;
        const got = await store.getFile(url, { sha256 }).catch((error: unknown) => error);
        if (expected === 'right') {
          expect(got).toMatchObject({ sha256, persisted: storage.persistent, from: 'network' });
          expect(await sha256Hex((got as StoredFile).bytes)).toBe(sha256);
          const again = await store.getFile(url, { sha256 });
          expect(again).toMatchObject({ from: 'storage', sha256 });
          expect(await sha256Hex(again.bytes)).toBe(sha256);
          expect(await store.list()).toMatchObject([{ url, bytes: BYTES, sha256 }]);
        } else {
          expect(got).toMatchObject({ name: 'HayateError', details: { url } });
          expect([expected, orElse]).toContain((got as HayateError).code);
          if (status !== undefined) expect(got).toMatchObject({ details: { status } });
          expect(await store.list()).toEqual([]);
          expect(await store.has(url)).toBe(false);
        }
        const count = Number(await (await fetch(`${server}/count/${id}`)).text());
        expect(count).toBeLessThanOrEqual(requests);
        passed += 1;
      },
    );
  });
}
