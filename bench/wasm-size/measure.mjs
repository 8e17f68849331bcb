// A process of its own for one build: `measure.mjs CORE_WASM MODULE`. Each message is answered by the milliseconds
// of one bilinear run after one that does not count; the first, unasked, is the tensor's digest.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { timeRound } from '../kernels/contender.mjs';
import { hayate } from '../kernels/hayate.mjs';
import { makePicture } from '../kernels/picture.mjs';

const [coreWasm, module] = process.argv.slice(2);
const { loadVision } = await import(coreWasm);
const [bilinear] = hayate(await loadVision({ wasm: readFileSync(module) }), makePicture());
process.on('message', async () => {
  const [time] = await timeRound([bilinear], 0);
  process.send(time);
});
process.send(createHash('sha256').update(bilinear.run()).digest('hex'));
