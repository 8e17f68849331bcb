// `npm run bench:vision`: Hayate's detectors beside the same models in plain ONNX Runtime Web with a canvas and
// JavaScript, and beside MediaPipe, in turn in one Chromium. Prints tables and writes them into docs/benchmarks.md.
// `HAYATE_MODELS` is the folder of the models that are not shipped, `HAYATE_MEDIAPIPE_MODEL` MediaPipe's own face
// detector; what is not there is left out, in words. `--rounds` and `--seconds` shorten it; `--only blazeface,live` runs
// some of its parts and writes nothing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './engine/table.mjs';
import { provenance } from './machine.mjs';
import { writeBetweenMarkers } from './markers.mjs';
import { installPeers, peerVersion } from './peers.mjs';
import { measureLive } from './vision/live.mjs';
import { openPlace } from './vision/place.mjs';
import { measureStill } from './vision/still.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '40' },
    only: { type: 'string' },
  },
});

const from = provenance();
installPeers();
const place = await openPlace();
const parts = Object.fromEntries([
  ...place.models.map((model) => [model, () => measureStill(place, model, Number(options.rounds))]),
  ['live', () => measureLive(place, Number(options.seconds))],
]);
const measured = [];
for (const name of options.only?.split(',') ?? Object.keys(parts)) measured.push(await parts[name]());
await place.close();

const peers = ['onnxruntime-web', ...(place.mediapipe ? ['@mediapipe/tasks-vision'] : [])];
const versions = peers.map((name) => `${name} ${peerVersion(name)}`);
const notes = [
  ...(place.models.length < 4
    ? ['YOLOX-nano and NanoDet-g are left out, for HAYATE_MODELS does not say where they are.']
    : []),
  ...(place.mediapipe
    ? [`Other hosts that the pages asked for, in vain: ${[...place.foreign].join(', ') || 'none'}.`]
    : ['MediaPipe is left out, for HAYATE_MEDIAPIPE_MODEL does not say where its model is.']),
];
const lines = [
  `${[...from, `Chromium ${place.version}`, ...versions].join(', ')}; one thread each.`,
  '',
  ...table(
    ['', 'asked of Hayate', 'reached'],
    measured.flatMap(({ bounds }) => bounds),
  ),
  '',
  ...measured.flatMap((part) => part.lines),
  ...notes,
];
console.log(lines.join('\n'));
if (options.only === undefined) {
  writeBetweenMarkers(join(import.meta.dirname, '../docs/benchmarks.md'), 'bench:vision', lines.join('\n'));
}
