import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->` in `file`. Throws if they are not there. */
export function writeBetweenMarkers(file, name, text) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const content = readFileSync(file, 'utf8');
  const [start, end] = [content.indexOf(open), content.indexOf(close)];
  if (start === -1 || end < start) throw new Error(`${file} has no ${open} … ${close}`);
  writeFileSync(file, `${content.slice(0, start + open.length)}\n\n${text.trim()}\n\n${content.slice(end)}`);
}
