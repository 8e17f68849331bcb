// The table of ablations in docs/testing.md: the tests it names are there, in the files it names.
import { posix } from 'node:path';
import ts from 'typescript';
import { files, read } from './pages.mjs';

const PAGE = 'docs/testing.md';
/** Stands for what a title takes from its values: `%s`, `$name`, `${…}`. */
const ANY = '\0';

/** @typedef {{ readonly titles: readonly string[], readonly values: readonly string[] }} Named */

/** @type {Map<string, Named>} */
const known = new Map();

/**
 * The titles in a file of tests, and all its strings, which may be values of titles; with those of its helpers. A title
 * is the first argument of `test`, `describe` and their like, or of another call that gets a function, too; in Python
 * and Rust it is a function's name.
 * @param {string} path
 * @returns {Named}
 */
function namedIn(path) {
  const found = known.get(path);
  if (found !== undefined) return found;
  const text = read(path);
  /** @type {string[]} */
  const titles = [];
  /** @type {string[]} */
  const values = [];
  known.set(path, { titles, values });
  if (/\.(py|rs)$/.test(path)) {
    for (const [, name] of text.matchAll(/\b(?:def|fn) (\w+)/g)) titles.push(name.replaceAll('_', ' '));
    return { titles, values };
  }
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isStringLiteralLike(node)) values.push(node.text);
    if (ts.isCallExpression(node)) {
      const [title, ...others] = node.arguments;
      const isNamed = /^(test|it|describe)\b/.test(node.expression.getText());
      const takesFunction = others.some((each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each));
      if (title !== undefined && (isNamed || takesFunction)) titles.push(textOf(title));
    }
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const helper = posix.join(posix.dirname(path), `${node.moduleSpecifier.text}.ts`);
      if (helper.endsWith('.test.helper.ts') && files.includes(helper)) {
        titles.push(...namedIn(helper).titles);
        values.push(...namedIn(helper).values);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return { titles, values };
}

/**
 * The text of a string or template, with `ANY` for what is filled in; empty for anything else.
 * @param {ts.Expression} node
 */
function textOf(node) {
  if (ts.isStringLiteralLike(node)) {
    return node.text.replaceAll('%%', '%').replaceAll(/%[sdifjoOc#$]|\$[A-Za-z0-9_][\w.]*/g, ANY);
  }
  if (!ts.isTemplateExpression(node)) return '';
  return node.head.text + node.templateSpans.map(({ literal }) => ANY + literal.text).join('');
}

/**
 * Whether one of the tests has all these parts in its title: as it stands, or with one of the values filled in, or with
 * any text where it takes values. In the last case half of a part has to be the title's own text: else a title of one
 * value would have every part.
 * @param {Named} named
 * @param {readonly string[]} parts
 */
function hasTest({ titles, values }, parts) {
  const isPart = (/** @type {string} */ title, /** @type {string} */ part) => {
    if (title.includes(part)) return true;
    if (!title.includes(ANY)) return false;
    return (
      values.some((value) => title.replaceAll(ANY, value).includes(part)) ||
      ownLetters(title, part) * 2 >= part.length
    );
  };
  return titles.some((title) => parts.every((part) => isPart(title, part)));
}

/**
 * How many letters of this part are the title's own, at most, with any text where it takes values; -1 where the title
 * cannot have the part.
 * @param {string} title
 * @param {string} part
 */
function ownLetters(title, part) {
  /** Place in the title → how many letters until there are its own. */
  let places = new Map(Array.from(title, (_, place) => [place, 0]));
  for (const letter of part) {
    /** @type {typeof places} */
    const next = new Map();
    const reach = (/** @type {number} */ place, /** @type {number} */ own) =>
      next.set(place, Math.max(own, next.get(place) ?? 0));
    for (const [place, own] of places) {
      if (title[place] === letter) reach(place + 1, own + 1);
      if (title[place] !== ANY) continue;
      reach(place, own);
      if (title[place + 1] === letter) reach(place + 2, own + 1);
    }
    places = next;
  }
  return Math.max(-1, ...places.values());
}

/**
 * The files that a word in the table names: a file, by the end of its path, or a suite of packages/testing. Undefined
 * where it is a word of another kind.
 * @param {string} word
 */
function filesNamed(word) {
  if (/\.(tsx?|mjs|py|rs|json)$/.test(word)) {
    return files.filter((path) => `/${path}`.endsWith(`/${word}`));
  }
  if (!/^describe[A-Z]/.test(word)) return undefined;
  return files.filter(
    (path) => path.startsWith('packages/testing/src/') && read(path).includes(`export function ${word}(`),
  );
}

/** A sentence for each test and each file in the table that is not there, and the number of rows. */
export function checkAblations() {
  const sections = read(PAGE).split(/^## /m);
  const table = sections.find((text) => text.startsWith('Ablations')) ?? '';
  const rows = [...table.matchAll(/^\| (?!safeguard |-)(.+?) \| (.+) \|$/gm)];
  const tests = files.filter((path) => /\.(test|spec)\.tsx?$|\/test_\w+\.py$|\/tests\/\w+\.rs$/.test(path));
  /** @type {string[]} */
  const faults = [];
  for (const [, safeguard, cell] of rows) {
    const fault = (/** @type {string} */ text) => faults.push(`${PAGE}, "${safeguard}": ${text}`);
    const words = [...cell.matchAll(/`([^`]+)`|"([^"]+)"/g)];
    /** @type {readonly string[] | undefined} */
    let places;
    for (const [, word, name] of words) {
      if (word !== undefined) {
        const named = filesNamed(word);
        if (named?.length === 0) fault(`there is no ${word}`);
        places = named?.length === 0 ? undefined : (named ?? places);
        continue;
      }
      const parts = name.split('…').map((part) => part.trim());
      if ((places ?? tests).some((path) => hasTest(namedIn(path), parts))) continue;
      fault(`no test "${name}"${places === undefined ? '' : ` in ${places.join(', ')}`}`);
    }
    if (words.length === 0 && !cell.startsWith('the same test')) fault('names no test');
  }
  if (rows.length === 0) faults.push(`${PAGE} has no table of ablations`);
  return { faults, rows: rows.length };
}
