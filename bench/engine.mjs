// `npm run bench:engine`: what an engine in a worker leaves of the page's thread, and how long it takes to start, beside
// transformers.js and plain ONNX Runtime Web. Prints tables and writes them into docs/benchmarks.md.
// `--runs`, `--seconds` and `--rounds` shorten it; `--only page,video` runs some of its parts and writes nothing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFirstSession } from './engine/first-session.mjs';
import { measurePageThread } from './engine/page-thread.mjs';
import { openPlace } from './engine/place.mjs';
import { measureStartUp } from './engine/start-up.mjs';
import { table } from './engine/table.mjs';
import { measureVideo } from './engine/video.mjs';
import { provenance } from './machine.mjs';
import { writeBetweenMarkers } from './markers.mjs';
import { installPeers, peerVersion } from './peers.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '10' },
    only: { type: 'string' },
  },
});

const from = provenance();
installPeers();
const place = await openPlace();
const parts = {
  page: () => measurePageThread(place, Number(options.runs)),
  video: () => measureVideo(place, Number(options.seconds)),
  start: () => measureStartUp(place, Number(options.rounds)),
  session: () => measureFirstSession(place, Number(options.rounds)),
};
const measured = [];
const names = options.only?.split(',') ?? Object.keys(parts);
for (const name of names) measured.push(await parts[name]());
await place.close();

const versions = ['@huggingface/transformers', 'onnxruntime-web'].map(
  (name) => `${name} ${peerVersion(name)}`,
);
const lines = [
  `${[...from, `Chromium ${place.version}`, ...versions].join(', ')}; one thread each.`,
  '',
  ...table(
    ['', 'asked of Hayate', 'reached'],
    measured.flatMap(({ bounds }) => bounds),
  ),
  '',
  ...measured.flatMap((part) => part.lines),
];
console.log(lines.join('\n'));
if (options.only === undefined) {
  writeBetweenMarkers(join(import.meta.dirname, '../docs/benchmarks.md'), 'bench:engine', lines.join('\n'));
}
