import { type Files, isMarkdown, type Report } from '../workspace.js';

/**
 * Three things here are called transaction by somebody: Kafka's, the database's and the ledger's.
 * Prose says which, each time; where the kind was said in the same sentence, a second mention may
 * lean on it. A transaction id is the ledger's.
 */
const MENTION = /\btransactions?\b(?! ids?\b)/gi;
const KINDS = /\b(kafka|database|ledger|stripe)('s)?\b/i;

export function vocabulary(files: Files): Report {
  const pages = [...files].filter(([path]) => isMarkdown(path));
  let looked = 0;
  const findings = pages.flatMap(([path, text]) => {
    const prose = withoutCode(text);
    return sentencesOf(prose).flatMap((sentence) => {
      const mentions = sentence.text.match(MENTION) ?? [];
      looked += mentions.length;
      const said = KINDS.test(sentence.text);
      return mentions.length && !said ? [`${path}:${sentence.line}: which transaction?`] : [];
    });
  });
  return { looked, findings };
}

/** Keeps the line numbers. */
function withoutCode(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, 'code');
}

const END = /(?<=[.!?|])\s|\n(?=\s*[-*|#\d]|\s*\n)/g;

function sentencesOf(prose: string): { line: number; text: string }[] {
  const ends = [...prose.matchAll(END)].map((match) => match.index);
  return [0, ...ends].map((start, index) => {
    const text = prose.slice(start, ends[index] ?? prose.length);
    const before = prose.slice(0, start + text.length - text.trimStart().length);
    return { line: before.split('\n').length, text };
  });
}
