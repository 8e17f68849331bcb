const plain = { OPT_LEVEL: '3', LTO: 'false', CODEGEN_UNITS: '16', PANIC: 'unwind', STRIP: 'none' };
const lto = { ...plain, LTO: 'fat', CODEGEN_UNITS: '1' };
const abort = { ...lto, PANIC: 'abort' };
const stripped = { ...abort, STRIP: 'debuginfo' };

/**
 * The steps to the shipped build, and what lies beside them. `profile`: Cargo's settings; `trap`: panics become
 * traps; `optimize`: wasm-opt's level, absent without wasm-opt.
 */
export const steps = [
  { name: 'plain release, opt-level 3', profile: plain },
  { name: '… opt-level s', profile: { ...plain, OPT_LEVEL: 's' } },
  { name: '… opt-level z', profile: { ...plain, OPT_LEVEL: 'z' } },
  { name: 'opt-level 3, fat LTO, 1 codegen unit', profile: lto },
  { name: '+ panic = abort', profile: abort },
  { name: '+ strip = debuginfo', profile: stripped },
  { name: '… strip = true', profile: { ...abort, STRIP: 'symbols' } },
  { name: '+ panics as traps', profile: stripped, trap: true },
  { name: '+ wasm-opt -O3 (shipped)', profile: stripped, trap: true, optimize: '-O3', shipped: true },
  { name: '… wasm-opt -Oz', profile: stripped, trap: true, optimize: '-Oz' },
  {
    name: '… as shipped, opt-level s',
    profile: { ...stripped, OPT_LEVEL: 's' },
    trap: true,
    optimize: '-O3',
  },
  {
    name: '… as shipped, opt-level z, wasm-opt -Oz',
    profile: { ...stripped, OPT_LEVEL: 'z' },
    trap: true,
    optimize: '-Oz',
  },
];
