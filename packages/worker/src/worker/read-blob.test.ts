import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { readBlob } from './read-blob';

const blob = new Blob(['abc']);
const sha256 = createHash('sha256').update('abc').digest('hex');

test('returns bytes of the expected length and digest', async () => {
  expect(await readBlob(blob, { url: 'a.onnx', bytes: 3, sha256 })).toEqual(new Uint8Array([97, 98, 99]));
});

test('checks the digest also where there is no crypto.subtle, as on pages without TLS', async () => {
  vi.stubGlobal('crypto', {});
  try {
    expect(await readBlob(blob, { url: 'a.onnx', sha256 })).toHaveLength(3);
  } finally {
    vi.unstubAllGlobals();
  }
});

test.each([
  ['another length', { bytes: 4 }, '4 bytes, but got 3 bytes'],
  ['another digest', { sha256: '0'.repeat(64) }, `but got SHA-256 ${sha256}`],
])('refuses %s', async (_, promised, message) => {
  await expect(readBlob(blob, { url: 'a.onnx', ...promised })).rejects.toMatchObject({
    code: 'model-corrupt',
    message: expect.stringContaining(message),
    details: { url: 'a.onnx' },
  });
});

test('reports a file that is gone', async () => {
  const gone = new Blob();
  gone.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'));
  await expect(readBlob(gone, { url: 'a.onnx' })).rejects.toMatchObject({
    code: 'model-unreachable',
    message: expect.stringContaining('moved or changed since it was chosen'),
  });
});
