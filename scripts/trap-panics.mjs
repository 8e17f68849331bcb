// Makes every panic of a Rust module a plain trap. Without it a third of the module is the text of messages that
// nobody reads and the code that formats them: the caller of a trapped instance replaces it.
import binaryen from 'binaryen';

const PANIC =
  /^(<?core(\[\w+\])?::(panicking|fmt)|.*(_fail|rust_begin_unwind)$|bytemuck::internal::something_went_wrong)/;
// What stands in data segments for messages: names of files, and sentences. Not any text: the bits of numbers can
// read as one (1/6 is "UUUUUU\xc5?").
const FILES = /(?:\/rustc\/|packages\/core-wasm\/|\/cargo\/)[\x20-\x7e]+?\.rs/g;
const SENTENCES = /[a-z]+(?: [a-z:.>=-]+){2,}/g;

/**
 * The module with panicking functions that trap at once, and without what messages were made of.
 * @param {Uint8Array} wasm
 */
export function trapPanics(wasm) {
  binaryen.setDebugInfo(true); // keeps the names that later steps and the test of the pattern go by
  const module = binaryen.readBinary(wasm);
  let trapped = 0;
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const reference = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(reference);
    if (base || !PANIC.test(name)) continue;
    // Its types lack this class.
    /** @type {any} */ (binaryen).Function.setBody(reference, module.unreachable());
    trapped += 1;
  }
  if (trapped === 0) throw new Error('no panicking function was found: have the names been stripped?');
  return blankMessages(Buffer.from(module.emitBinary()));
}

/**
 * Overwrites texts in the data section, and the places in files that panics name, by zeros, which compress to nothing.
 * @param {Buffer} wasm
 */
function blankMessages(wasm) {
  const segments = dataSegments(wasm);
  const files = new Map();
  for (const { address, bytes } of segments) {
    const text = bytes.toString('latin1');
    for (const { index, 0: file } of text.matchAll(FILES)) files.set(address + index, file.length);
    for (const { index, 0: found } of [...text.matchAll(FILES), ...text.matchAll(SENTENCES)]) {
      bytes.fill(0, index, index + found.length);
    }
  }
  for (const { bytes } of segments) {
    // A core::panic::Location: address and length of the file's name, line, column.
    for (let at = 0; at + 16 <= bytes.length; at += 4) {
      if (files.get(bytes.readUInt32LE(at)) === bytes.readUInt32LE(at + 4)) bytes.fill(0, at, at + 16);
    }
  }
  return wasm;
}

/**
 * Where the data section's segments go in the memory, and views of them.
 * @param {Buffer} wasm
 */
function dataSegments(wasm) {
  const DATA = 11;
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at];
    const [length, start] = readLeb(wasm, at + 1);
    at = start + length;
    if (id !== DATA) continue;
    const [count, afterCount] = readLeb(wasm, start);
    let next = afterCount;
    return Array.from({ length: count }, () => {
      // 0 for the first memory, then `i32.const address` and `end`.
      const [address, end] = readLeb(wasm, next + 2);
      const [size, first] = readLeb(wasm, end + 1);
      next = first + size;
      return { address, bytes: wasm.subarray(first, next) };
    });
  }
  return [];
}

/**
 * An unsigned number in LEB128, and where what follows it begins.
 * @param {Buffer} bytes
 * @param {number} start
 * @returns {[value: number, next: number]}
 */
function readLeb(bytes, start) {
  let [value, shift, at] = [0, 0, start];
  for (;;) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) return [value, at];
  }
}
