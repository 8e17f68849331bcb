import { toHex } from '@hayate/core';
import { badInput } from './bad-input';

/** What the module exports: memory, and functions of numbers only. */
type Sha256Exports = typeof import('../sha256/pkg/exports');

/** Makes hashers; from {@link loadSha256}. */
export interface Sha256 {
  /** A hasher of the empty message. Costs nothing and has nothing to free. */
  create(): Sha256Hasher;
  /** The compiled module. Posted to a worker, it is a `wasm` for `loadSha256` there. */
  readonly module: WebAssembly.Module;
}

/** The SHA-256 of one message that comes in pieces. */
export interface Sha256Hasher {
  /** Length of the message so far, in bytes. */
  readonly hashedBytes: number;
  /**
   * Appends `bytes` to the message; they are copied. Throws `bad-input` for anything but a view of
   * bytes, and when the message would exceed 2^53 - 1 bytes.
   */
  update(bytes: Uint8Array): void;
  /** The digest of the message so far, 32 bytes. Ends nothing: the message may go on. */
  digest(): Uint8Array<ArrayBuffer>;
  /** The same digest as 64 lower-case hexadecimal digits. */
  digestHex(): string;
  /**
   * The state as 120 bytes, from which any hasher of this layout goes on, in another process too.
   * The README documents the bytes: the length, the chaining value, up to 63 bytes of the message,
   * and a checksum.
   */
  save(): Uint8Array<ArrayBuffer>;
  /**
   * Takes over a state from `save` and drops the message so far. Throws `bad-input` for anything
   * else: another length or version, a wrong checksum, a state that contradicts itself; the hasher
   * is then as it was.
   */
  restore(state: Uint8Array): void;
}

const DIGEST_LENGTH = 32;
const STATE_LENGTH = 120;

/** The numbers of `RestoreError` in sha256/src/state.rs. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'this is no saved SHA-256 state',
  2: 'the saved SHA-256 state is of another version',
  3: 'the saved SHA-256 state is damaged',
  4: 'the saved SHA-256 state contradicts itself',
};

// wasm-bindgen imports one function, for values other than numbers. No export uses it.
const IMPORTS = { './sha256_bg.js': { __wbindgen_init_externref_table() {} } };

/** Starts the module. Throws for any other module. */
export async function createSha256(module: WebAssembly.Module): Promise<Sha256> {
  const { exports } = await WebAssembly.instantiate(module, IMPORTS);
  if (!('buffer_ptr' in exports)) throw new TypeError('the module is not that of SHA-256');
  const wasm = exports as unknown as Sha256Exports;
  // The memory never grows, so the view stays attached.
  const buffer = new Uint8Array(wasm.memory.buffer, wasm.buffer_ptr(), wasm.buffer_len());

  // One instance per hasher is too many: Chromium 156 has room for 125 memories, of all modules together. So
  // the hashers share one, which holds the state of one of them; this saves the state of that hasher.
  let parkCurrent: (() => void) | undefined;

  function read(length: number): Uint8Array<ArrayBuffer> {
    return buffer.slice(0, length);
  }

  function write(state: Uint8Array): void {
    buffer.set(state);
    const status = wasm.restore();
    if (status !== 0) throw badInput(REFUSALS[status] ?? `SHA-256 status ${status}`);
  }

  function create(): Sha256Hasher {
    let hashedBytes = 0;
    let parked: Uint8Array | undefined;

    function park(): void {
      wasm.save();
      parked = read(STATE_LENGTH);
    }

    function takeTurn(): void {
      if (parkCurrent === park) return;
      parkCurrent?.();
      parkCurrent = park;
      if (parked === undefined) wasm.reset();
      else write(parked);
    }

    function digest(): Uint8Array<ArrayBuffer> {
      takeTurn();
      wasm.digest();
      return read(DIGEST_LENGTH);
    }

    return {
      get hashedBytes() {
        return hashedBytes;
      },
      update(bytes) {
        checkBytes(bytes);
        if (bytes.length > Number.MAX_SAFE_INTEGER - hashedBytes) {
          throw badInput('the message is longer than 2^53 - 1 bytes');
        }
        takeTurn();
        for (let start = 0; start < bytes.length; start += buffer.length) {
          const piece = bytes.subarray(start, start + buffer.length);
          buffer.set(piece);
          wasm.update(piece.length);
        }
        hashedBytes += bytes.length;
      },
      digest,
      digestHex: () => toHex(digest()),
      save() {
        takeTurn();
        wasm.save();
        return read(STATE_LENGTH);
      },
      restore(state) {
        checkBytes(state);
        if (state.length !== STATE_LENGTH) {
          throw badInput(`a saved SHA-256 state has ${STATE_LENGTH} bytes, not ${state.length}`);
        }
        takeTurn();
        write(state);
        hashedBytes = Number(new DataView(state.buffer, state.byteOffset).getBigUint64(8, true));
      },
    };
  }

  return { create, module };
}

/** Throws `bad-input` unless `value` is a `Uint8Array`, also one of another frame. */
function checkBytes(value: unknown): void {
  // Other numbers would lose their high bits on the way into the memory.
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
    throw badInput('a hash is made of a Uint8Array');
  }
}
