// SHA-256 of 64 MiB in pieces of 64 KiB, as a download comes: ours beside hash-wasm, taking turns in one process.
// Needs the built packages; `node bench/kernels/sha256.mjs` prints the rows.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadSha256 } from '@hayate/core-wasm/sha256';
import { createSHA256 } from 'hash-wasm';

const MIB = 2 ** 20;
const PIECE = 64 * 1024;
const WARM_UP = 2;

/**
 * The rows `{ name, minRatio, medianRatio, oursMs, peerMs, gzipBytes }`: a ratio above 1 means that ours is faster; min
 * compares the fastest rounds, median is that of the rounds' own ratios; the times are medians. Throws if the digests differ.
 */
export async function compareSha256({ rounds = 21, bytes = 64 * MIB } = {}) {
  const message = noise(bytes);
  const ours = await loadSha256();
  const peer = await createSHA256();
  const contenders = {
    ours() {
      const hasher = ours.create();
      for (const piece of pieces(message)) hasher.update(piece);
      return hasher.digestHex();
    },
    peer() {
      peer.init();
      for (const piece of pieces(message)) peer.update(piece);
      return peer.digest('hex');
    },
  };

  const times = { ours: [], peer: [] };
  for (let round = -WARM_UP; round < rounds; round++) {
    const digests = [];
    // Who begins changes, so that neither always finds the other's cache.
    for (const name of round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours']) {
      const start = performance.now();
      digests.push(contenders[name]());
      if (round >= 0) times[name].push(performance.now() - start);
    }
    if (digests[0] !== digests[1]) throw new Error('The digests differ.');
  }

  const file = createRequire(import.meta.url).resolve('@hayate/core-wasm/sha256-simd.wasm');
  return [
    {
      name: `SHA-256 of ${bytes / MIB} MiB, beside hash-wasm`,
      minRatio: Math.min(...times.peer) / Math.min(...times.ours),
      medianRatio: median(times.peer.map((time, round) => time / times.ours[round])),
      oursMs: median(times.ours),
      peerMs: median(times.peer),
      gzipBytes: gzipSync(readFileSync(file), { level: 9 }).length,
    },
  ];
}

function* pieces(message) {
  for (let start = 0; start < message.length; start += PIECE) yield message.subarray(start, start + PIECE);
}

function noise(length) {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += PIECE)
    crypto.getRandomValues(bytes.subarray(start, start + PIECE));
  return bytes;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await compareSha256());
