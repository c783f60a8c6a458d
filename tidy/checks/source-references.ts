import { posix } from 'node:path';
import { type Files, isSource, type Report } from '../workspace.js';

/** A comment that sends the reader to a file sends him to one that exists. */
const COMMENT = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g;
const FILE =
  /(?<![\w/@<*$}…-])((?:[\w@.-]+\/)*[\w@-][\w.@-]*\.(?:ts|tsx|mjs|md|sql|java|properties))\b/g;

export function sourceReferences(files: Files): Report {
  const names = new Set([...files.keys()].map((path) => posix.basename(path)));
  let looked = 0;
  const findings = [...files]
    .filter(([path]) => isSource(path) && !/^tidy\/|\.config\./.test(path))
    .flatMap(([path, text]) => {
      const mentioned = (text.match(COMMENT) ?? []).flatMap((comment) =>
        [...comment.matchAll(FILE)].map((match) => match[1] ?? ''),
      );
      looked += mentioned.length;
      return mentioned
        .filter((file) => !names.has(posix.basename(file)) || isWrongPath(files, file))
        .map((file) => `${path}: a comment mentions ${file}, which does not exist`);
    });
  return { looked, findings };
}

/** A path from the root must be right as a whole. */
const isWrongPath = (files: Files, file: string): boolean =>
  /^(apps|libs|deploy|docs)\//.test(file) && !files.has(file);
