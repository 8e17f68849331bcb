// `npm run bench:kernels`: the kernels beside what else prepares images and scores, in Node, Chromium and native C.
// All take turns within each round. Prints tables and writes them into docs/benchmarks.md. ROUNDS shortens it.
import { join } from 'node:path';
import { buildYardstick } from './kernels/build-yardstick.mjs';
import { chromiumPlace } from './kernels/chromium-place.mjs';
import { digests } from './kernels/digests.mjs';
import { nodePlace } from './kernels/node-place.mjs';
import { pillowPlace } from './kernels/pillow-place.mjs';
import { report } from './kernels/report.mjs';
import { provenance } from './machine.mjs';
import { writeBetweenMarkers } from './markers.mjs';
import { installPeers } from './peers.mjs';

const WARM_UP = 15;
const ROUNDS = Number(process.env.ROUNDS ?? 60);

const from = provenance();
installPeers();
const yardstick = buildYardstick();
const places = [await chromiumPlace(yardstick.wasm), await nodePlace(yardstick.wasm), await pillowPlace()];
const rows = places.flatMap((place) =>
  place.contenders.map((contender) => ({ ...contender, place: place.name, times: [] })),
);

for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  const times = [];
  for (const place of places) times.push(...(await place.round(round)));
  if (round < WARM_UP) continue;
  for (const [at, row] of rows.entries()) if (times[at] !== undefined) row.times.push(times[at]);
}

let at = 0;
for (const place of places) {
  for (const number of place.contenders.keys()) {
    const row = rows[at++];
    if (row.missing === undefined) row.levels = await place.levels(number);
  }
}
for (const place of places) await place.close();

const versions = [...places.flatMap((place) => place.versions), `fast_image_resize ${yardstick.version}`];
const lines = [
  `${[...from, ...versions].join(', ')}; ${ROUNDS} rounds.`,
  '',
  ...report(rows),
  ...(await digests()),
];
console.log(lines.join('\n'));
writeBetweenMarkers(join(import.meta.dirname, '../docs/benchmarks.md'), 'bench:kernels', lines.join('\n'));
