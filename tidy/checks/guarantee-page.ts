import type { Files, Report } from '../workspace.js';

/**
 * Every promise names the test that would fail if it were broken, by file and title: `path`
 * "title". A promise whose test was renamed or deleted is a promise nobody keeps.
 */
const PAGE = 'docs/guarantee.md';
const EVIDENCE = /`([\w/.-]+\.(?:test|spec)\.tsx?)`\s*"(.+?)"(?=\s*[|,])/g;

export function guaranteePage(files: Files): Report {
  const rows = (files.get(PAGE) ?? '').split('\n').filter(isPromise);
  const findings = rows.flatMap((row) => {
    const promise = row.split('|')[1]?.trim() ?? row;
    const evidence = [...row.matchAll(EVIDENCE)];
    if (!evidence.length) return [`${PAGE}: no test is named for: ${promise}`];
    return evidence.flatMap(([, path = '', title = '']) => faultOf(files, path, title));
  });
  return { looked: rows.length, findings };
}

const isPromise = (line: string): boolean =>
  /^\|/.test(line) && !/^\|\s*(:?-|promise\b)/i.test(line);

function faultOf(files: Files, path: string, title: string): string[] {
  const text = files.get(path);
  if (text === undefined) return [`${PAGE}: ${path} does not exist`];
  const plain = (words: string): string => words.replace(/\\(['"`])/g, '$1');
  return plain(text).includes(title) ? [] : [`${PAGE}: ${path} has no test "${title}"`];
}
