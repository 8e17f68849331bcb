import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { loadSha256, type Sha256 } from './sha256';

const url = new URL('../sha256/pkg/sha256-simd.wasm', import.meta.url);
const badInput = expect.objectContaining({ code: 'bad-input' });
let sha256: Sha256;

beforeAll(async () => {
  sha256 = await loadSha256();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Random numbers from 0 to 1 that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function message(length: number, seed = length): Uint8Array<ArrayBuffer> {
  const random = seeded(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}

/** Cuts `bytes` at random places; some pieces are empty. */
function* pieces(bytes: Uint8Array, random: () => number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const size = Math.floor(random() ** 4 * 200_000);
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

function reference(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A hasher of `bytes`. */
function hasher(bytes: Uint8Array) {
  const made = sha256.create();
  made.update(bytes);
  return made;
}

/** `state` after `change`, with a checksum that fits. */
function forged(state: Uint8Array, change: (view: DataView<ArrayBuffer>) => void): Uint8Array {
  const copy = Uint8Array.from(state);
  change(new DataView(copy.buffer));
  copy.set(createHash('sha256').update(copy.subarray(0, 112)).digest().subarray(0, 8), 112);
  return copy;
}

describe('a hasher', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 65_535, 65_536, 65_537, 131_072, 300_001])(
    'equals node:crypto for %i bytes at once',
    (length) => {
      const bytes = message(length);
      expect(hasher(bytes).digestHex()).toBe(reference(bytes));
    },
  );

  it.each(Array.from({ length: 20 }, (_, seed) => seed))('equals node:crypto in pieces, seed %i', (seed) => {
    const random = seeded(seed);
    const bytes = message(Math.floor(random() * 700_000), seed);
    const pieced = sha256.create();
    for (const piece of pieces(bytes, random)) pieced.update(piece);
    expect(pieced.hashedBytes).toBe(bytes.length);
    expect(pieced.digestHex()).toBe(reference(bytes));
  });

  it('gives the digest as bytes and as hexadecimal digits, and goes on', () => {
    const goesOn = hasher(message(100));
    expect(Buffer.from(goesOn.digest()).toString('hex')).toBe(reference(message(100)));
    expect(goesOn.digestHex()).toBe(reference(message(100)));
    goesOn.update(message(50));
    expect(goesOn.digestHex()).toBe(reference(Buffer.concat([message(100), message(50)])));
  });

  it('leaves what it gave alone', () => {
    const first = hasher(message(10)).digest();
    const copy = first.slice();
    hasher(message(20)).digest();
    expect(first).toEqual(copy);
    expect(first.buffer.byteLength).toBe(32);
  });

  it('does not disturb others that take turns with it', () => {
    const random = seeded(7);
    const messages = [1, 2, 3].map((seed) => message(400_000, seed));
    const hashers = messages.map(() => sha256.create());
    const cuts = messages.map((bytes) => [...pieces(bytes, random)]);
    while (cuts.some((left) => left.length > 0)) {
      const turn = Math.floor(random() * cuts.length);
      const piece = cuts[turn]!.shift();
      if (piece !== undefined) hashers[turn]!.update(piece);
    }
    expect(hashers.map((each) => each.digestHex())).toEqual(messages.map(reference));
    expect(sha256.create().digestHex()).toBe(reference(new Uint8Array()));
  });

  it('takes the bytes of a Buffer and of another frame', async () => {
    const { runInNewContext } = await import('node:vm');
    const foreign = runInNewContext('Uint8Array.of(1, 2, 3)') as Uint8Array;
    expect(hasher(foreign).digestHex()).toBe(reference(Buffer.of(1, 2, 3)));
    expect(hasher(Buffer.from('abc')).digestHex()).toBe(reference(Buffer.from('abc')));
  });

  it.each([[undefined], ['abc'], [[1, 2]], [Float32Array.of(1)], [new ArrayBuffer(4)]])(
    'refuses %s',
    (bytes) => {
      const unharmed = hasher(message(5));
      expect(() => unharmed.update(bytes as never)).toThrow(badInput);
      expect(() => unharmed.restore(bytes as never)).toThrow(badInput);
      expect(unharmed.digestHex()).toBe(reference(message(5)));
    },
  );
});

describe('a saved state', () => {
  it.each(Array.from({ length: 10 }, (_, seed) => seed))('goes on at any place, seed %i', async (seed) => {
    const elsewhere = await loadSha256({ simd: 'off' });
    const random = seeded(seed);
    const bytes = message(Math.floor(random() * 300_000), seed);
    let saved = sha256.create().save();
    let length = 0;
    for (const piece of pieces(bytes, random)) {
      const next = (random() < 0.5 ? sha256 : elsewhere).create();
      next.restore(saved);
      expect(next.hashedBytes).toBe(length);
      next.update(piece);
      length += piece.length;
      saved = next.save();
    }
    const last = elsewhere.create();
    last.restore(saved);
    expect(last.digestHex()).toBe(reference(bytes));
  });

  it('is 120 bytes of its own, the same for the same message', () => {
    const saved = hasher(message(1000)).save();
    expect(saved.buffer.byteLength).toBe(120);
    const inPieces = hasher(message(1000).subarray(0, 999));
    inPieces.update(message(1000).subarray(999));
    expect(inPieces.save()).toEqual(saved);
  });

  it('drops the message so far, and can be a part of a larger buffer', () => {
    const other = hasher(message(77));
    const saved = hasher(message(1000)).save();
    other.restore(Buffer.concat([Buffer.alloc(3), saved]).subarray(3));
    expect(other.hashedBytes).toBe(1000);
    expect(other.digestHex()).toBe(reference(message(1000)));
  });

  // Made of the documented layout in Python; whoever changes the layout has to change its number.
  it('of version 1 is still understood', () => {
    const saved =
      '48415953484132014600000000000000' +
      '1cb85bdf26061ee894a845fb310fd44f16685eb2c199d4d6294990ab665e6300' +
      '616161616161'.padEnd(128, '0') +
      '6d2cf852681c8c34';
    const old = sha256.create();
    old.restore(Buffer.from(saved, 'hex'));
    expect(old.hashedBytes).toBe(70);
    expect(old.digestHex()).toBe(reference(Buffer.alloc(70, 'a')));
  });

  const saved = () => hasher(message(100)).save();
  it.each<[string, string, () => Uint8Array]>([
    ['one that is too short', '120 bytes, not 119', () => saved().subarray(1)],
    ['one that is too long', '120 bytes, not 121', () => Buffer.concat([saved(), Buffer.alloc(1)])],
    ['an empty one', '120 bytes, not 0', () => new Uint8Array()],
    ['zeros', 'no saved', () => new Uint8Array(120)],
    ['another beginning', 'no saved', () => forged(saved(), (view) => view.setUint8(0, 0))],
    ['another version', 'version', () => forged(saved(), (view) => view.setUint8(7, 2))],
    ['a changed byte', 'damaged', () => saved().map((byte, index) => (index === 20 ? byte ^ 1 : byte))],
    ['another checksum', 'damaged', () => saved().fill(0, 112)],
    ['a length that leaves bytes over', 'contradicts', () => forged(saved(), (view) => view.setUint8(8, 64))],
    [
      'a length of 2^53',
      'contradicts',
      () => forged(saved(), (view) => view.setBigUint64(8, 2n ** 53n + 36n, true)),
    ],
  ])('is refused: %s', (_, reason, state) => {
    const unharmed = hasher(message(5));
    expect(() => {
      unharmed.restore(state());
    }).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        details: { reason: expect.stringContaining(reason) as string },
      }),
    );
    expect(unharmed.hashedBytes).toBe(5);
    expect(unharmed.digestHex()).toBe(reference(message(5)));
  });

  it('of the longest message takes no more', () => {
    const longest = sha256.create();
    const length = BigInt(Number.MAX_SAFE_INTEGER - 63);
    longest.restore(forged(sha256.create().save(), (view) => view.setBigUint64(8, length, true)));
    longest.update(new Uint8Array(60));
    expect(() => longest.update(new Uint8Array(4))).toThrow(badInput);
    longest.update(new Uint8Array(3));
    expect(longest.hashedBytes).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => longest.update(new Uint8Array(1))).toThrow(badInput);
    longest.update(new Uint8Array());
    expect(longest.digest()).toHaveLength(32);
  });
});

describe('loadSha256', () => {
  const bytes = async () => new Uint8Array(await readFile(url));

  it('loads the shipped module once', async () => {
    const compile = vi.spyOn(WebAssembly, 'compile');
    vi.resetModules();
    const fresh = await import('./sha256');
    compile.mockClear();
    const [first, second] = await Promise.all([fresh.loadSha256(), fresh.loadSha256()]);
    expect(second).toBe(first);
    expect(await fresh.loadSha256()).toBe(first);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  it('forgets a failure', async () => {
    vi.resetModules();
    const fresh = await import('./sha256');
    vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(new Error('no luck'));
    await expect(fresh.loadSha256()).rejects.toMatchObject({
      code: 'kernels-unavailable',
      details: { reason: 'no luck' },
    });
    expect((await fresh.loadSha256()).create().digestHex()).toBe(reference(new Uint8Array()));
  });

  it('runs once for each module', async () => {
    expect(await loadSha256({ wasm: sha256.module })).toBe(sha256);
    expect(await loadSha256({ simd: 'on' })).toBe(sha256);
  });

  it('has a build without SIMD', async () => {
    const scalar = await loadSha256({ simd: 'off' });
    expect(scalar.module).not.toBe(sha256.module);
    const hashed = scalar.create();
    for (const piece of pieces(message(500_000), seeded(1))) hashed.update(piece);
    expect(hashed.digestHex()).toBe(reference(message(500_000)));
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(await loadSha256()).toBe(scalar);
  });

  it.each([
    ['an address', async () => url],
    ['bytes', bytes],
    ['a module', async () => new WebAssembly.Module(await bytes())],
    ['a response', async () => new Response(await bytes())],
  ])('takes %s', async (_, source) => {
    const other = await loadSha256({ wasm: await source() });
    expect(other).not.toBe(sha256);
    expect(other.create().digestHex()).toBe(reference(new Uint8Array()));
  });

  it.each([
    ['a missing file', async () => new URL('missing.wasm', url)],
    ['an HTTP error', async () => new Response('', { status: 404 })],
    ['another module', async () => new URL('../vision/pkg/vision-simd.wasm', import.meta.url)],
    ['an empty module', async () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ])('explains %s', async (_, source) => {
    await expect(loadSha256({ wasm: await source() })).rejects.toMatchObject({
      code: 'kernels-unavailable',
      details: { reason: expect.stringMatching(/./) as string },
    });
  });

  it('gives the reason of a signal', async () => {
    const reason = new Error('enough');
    await expect(loadSha256({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const wasm = new Response(new ReadableStream());
    const waiting = loadSha256({ wasm, signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
