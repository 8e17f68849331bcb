import { expect, test } from 'vitest';

import { loadSha256 } from './sha256';

const bytes = new Uint8Array(3_000_017);
for (let start = 0; start < bytes.length; start += 65_536) {
  crypto.getRandomValues(bytes.subarray(start, start + 65_536));
}

async function reference(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', message));
}

test('a stream has the digest that crypto.subtle gives for the whole', async () => {
  const { create } = await loadSha256();
  const hasher = create();
  for await (const piece of new Blob([bytes]).stream()) hasher.update(piece);
  expect(hasher.digest()).toEqual(await reference(bytes));
});

test('a saved state goes on', async () => {
  const { create } = await loadSha256();
  const half = create();
  half.update(bytes.subarray(0, 1_234_567));
  const rest = create();
  rest.restore(half.save());
  rest.update(bytes.subarray(rest.hashedBytes));
  expect(rest.digest()).toEqual(await reference(bytes));
});

test('more hashers live than Chromium keeps memories', async () => {
  const { create } = await loadSha256();
  const hashers = Array.from({ length: 300 }, create);
  hashers.forEach((hasher, index) => hasher.update(bytes.subarray(0, index)));
  for (const [index, hasher] of hashers.entries()) {
    expect(hasher.digest()).toEqual(await reference(bytes.slice(0, index)));
  }
});

test('the module works in a worker that it is posted to', async () => {
  const { create, module } = await loadSha256();
  const worker = new Worker(new URL('./sha256.test.worker.ts', import.meta.url), { type: 'module' });
  const answer = new Promise<unknown>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.postMessage({ wasm: module, bytes });
  const here = create();
  here.update(bytes);
  expect(await answer).toBe(here.digestHex());
  worker.terminate();
});
