// Links between documents: to files that are there, and to headings that are there.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pages, prose, root } from './pages.mjs';

/**
 * The anchors of a page's headings, as GitHub makes them: small letters, without punctuation, hyphens for spaces, and a
 * number for a heading that is there already.
 * @param {string} text
 */
function anchorsOf(text) {
  const anchors = new Set();
  for (const [, heading] of text.matchAll(/^ {0,3}#{1,6} +(.+?)(?: +#+)? *$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let number = 1; anchors.has(anchor); number += 1) anchor = `${slug}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** A sentence for each link that leads nowhere. */
export function brokenLinks() {
  const texts = new Map(pages.map((page) => [page, prose(page)]));
  const anchors = new Map([...texts].map(([page, text]) => [page, anchorsOf(text)]));
  /** @type {string[]} */
  const faults = [];
  for (const [page, text] of texts) {
    const links = text
      .replaceAll(/`[^`\n]*`/g, '`')
      .matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^ {0,3}\[[^\]]+\]: *(\S+)/gm);
    for (const [, inline, reference] of links) {
      const target = inline ?? reference;
      if (/^[a-z]+:/.test(target)) continue;
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path)).replace(/\/$/, '');
      if (!existsSync(join(root, file))) faults.push(`${page} links to ${target}, which is not there`);
      else if (anchor !== undefined && !anchors.get(file)?.has(decodeURI(anchor)))
        faults.push(`${page} links to ${target}, but there is no such heading`);
    }
  }
  return faults;
}
