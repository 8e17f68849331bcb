// Makes every panic of a Rust module a plain trap. Without it a third of the module is the text of messages that
// nobody reads and the code that formats them: the caller of a trapped instance replaces it.
import binaryen from 'binaryen';

const PANIC = /^(<?core(\[\w+\])?::(panicking|fmt)|.*(_fail|rust_begin_unwind)$)/;
// What stands in data segments for messages: names of files, and sentences. Not any text: the bits of numbers can
// read as one (1/6 is "UUUUUU\xc5?").
const TEXTS = /(?:\/rustc\/|packages\/core-wasm\/|\/cargo\/)[\x20-\x7e]+?\.rs|[a-z]+(?: [a-z:]+){2,}/g;

/** The module with panicking functions that trap at once, and with the names of source files blanked out. */
export function trapPanics(wasm) {
  binaryen.setDebugInfo(true); // keeps the names that later steps and the test of the pattern go by
  const module = binaryen.readBinary(wasm);
  let trapped = 0;
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const reference = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(reference);
    if (base || !PANIC.test(name)) continue;
    binaryen.Function.setBody(reference, module.unreachable());
    trapped += 1;
  }
  if (trapped === 0) throw new Error('no panicking function was found: have the names been stripped?');
  return blankTexts(Buffer.from(module.emitBinary()));
}

/** Overwrites the texts in the data section by zeros, which compress to nothing. */
function blankTexts(wasm) {
  const DATA = 11;
  let at = 8;
  while (at < wasm.length) {
    const id = wasm[at];
    const [length, start] = readLeb(wasm, at + 1);
    at = start + length;
    if (id !== DATA) continue;
    const text = wasm.toString('latin1', start, at);
    wasm.write(
      text.replace(TEXTS, (found) => '\0'.repeat(found.length)),
      start,
      'latin1',
    );
  }
  return wasm;
}

/** An unsigned number in LEB128, and where what follows it begins. */
function readLeb(bytes, start) {
  let [value, shift, at] = [0, 0, start];
  for (;;) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) return [value, at];
  }
}
