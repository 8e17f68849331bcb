import { least, median } from '../figures.mjs';

/**
 * A Markdown table per group. `rows`: { group, name, place, ours, missing, times, levels }; each is divided by
 * Hayate's row of its group and place, or by Hayate's in Node where its place has none.
 */
export function report(rows) {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const members = rows.filter((row) => row.group === group);
    const pictures = members.some(({ levels }) => levels !== undefined);
    const head = ['', 'where', 'median ms', 'least ms', 'median ratio', 'least ratio'];
    if (pictures) head.push('levels apart: mean, most');
    const lines = members.map((row) => cells(row, baseOf(row, members), pictures));
    return [
      `**${group}**`,
      '',
      line(head),
      `|---|---|${'---:|'.repeat(head.length - 2)}`,
      ...lines.map(line),
      '',
    ];
  });
}

const line = (texts) => `| ${texts.join(' | ')} |`;
const milliseconds = (value) => (value < 1 ? value.toPrecision(2) : value.toFixed(2));

function baseOf({ place }, members) {
  const ours = members.filter((row) => row.ours);
  return ours.find((row) => row.place === place) ?? ours.find((row) => row.place === 'Node');
}

function cells(row, base, pictures) {
  const { name, place, missing, times } = row;
  const start = [name, place];
  if (missing !== undefined)
    return [...start, `not measured: ${missing}`, '', '', '', ...(pictures ? [''] : [])];
  const ratio = (pick) => (pick(times) / pick(base.times)).toFixed(2);
  const figures = [milliseconds(median(times)), milliseconds(least(times)), ratio(median), ratio(least)];
  return [...start, ...figures, ...(pictures ? [apart(row, base)] : [])];
}

function apart({ levels }, base) {
  let [sum, most] = [0, 0];
  for (const [at, level] of levels.entries()) {
    const difference = Math.abs(level - base.levels[at]);
    sum += difference;
    most = Math.max(most, difference);
  }
  return `${(sum / levels.length).toFixed(2)}, ${most}`;
}
