/** A Markdown table; of its columns the first `texts` are text, and the others figures. */
export function table(head, rows, texts = 1) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column < texts ? '---|' : '---:|')).join('');
  return [line(head), `|${rule}`, ...rows.map(line)];
}
