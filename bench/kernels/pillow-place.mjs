import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makePicture, source, target } from './picture.mjs';
import { levelsOfBytes } from './tensor.mjs';

const FILTERS = ['bilinear', 'bicubic'];

/** Pillow's native C in a Python of its own: `HAYATE_PYTHON`, or `python3` on the path. */
export async function pillowPlace() {
  const sizes = [source.width, source.height, target.width, target.height].map(String);
  const script = join(import.meta.dirname, 'pillow.py');
  const child = spawn(process.env.HAYATE_PYTHON ?? 'python3', [script, ...sizes], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Python may be missing or may have gone; both show as an answer that does not come.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line) => {
    child.stdin.write(line);
    return (await answers.next()).value ?? 'absent';
  };
  const version = await ask(rgbOf(makePicture()));
  const usable = version.startsWith('13.');
  const missing = usable ? undefined : 'no Pillow 13';
  return {
    name: 'native',
    versions: [`Pillow ${usable ? version : 'absent'}`],
    contenders: FILTERS.map((group) => ({ group, name: 'Pillow in C, resize only', missing })),
    async round() {
      const times = [];
      for (const filter of FILTERS) times.push(usable ? Number(await ask(`${filter}\n`)) : undefined);
      return times;
    },
    async levels(place) {
      const answer = await ask(`levels ${FILTERS[place]}\n`);
      return levelsOfBytes(Buffer.from(answer, 'base64'), 3);
    },
    close: () => child.stdin.end(),
  };
}

function rgbOf(pixels) {
  return Buffer.from(pixels.filter((_, at) => at % 4 !== 3));
}
