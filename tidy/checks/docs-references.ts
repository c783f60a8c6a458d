import { posix } from 'node:path';
import { type Files, isMarkdown, type Report } from '../workspace.js';

/**
 * What the pages name must exist: files and links, npm scripts, identifiers, variables, and dotted
 * names (topics, groups, settings). A tour through files that are gone teaches that the pages are
 * not to be trusted.
 */
const TOP = 'apps|libs|deploy|docs|e2e|bench|chaos|tidy|\\.ci';
const PATH_FROM_ROOT = new RegExp(`^(?:${TOP})(?:/[\\w.@*+-]+)+/?$`);
const PATH_FROM_PAGE = /^(?:\.{1,2}|src|web)(?:\/[\w.@*+-]+)+\/?$/;
const ENDINGS = 'ts|tsx|mjs|md|json|properties|xml|sql|svg|css|html|java|patch|txt|sh';
const FILE_NAME = /^[\w.@*-]+\.(?:ts|tsx|mjs|md|json|properties|xml|sql|svg|java|patch)$/;
/** Before what a map of the folders names. */
const MAPPED = 'in the map: ';
const IDENTIFIER = /^(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+(?=\())(?:\([^)]*\))?$/;
const VARIABLE = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/;
const DOTTED = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/;

/** Written by npm or while running; no clone has them. */
const NOT_IN_A_CLONE =
  /^(?:node_modules|dist|\.run|package-lock\.json|processes\.json|ports\.json|secrets\.json)/;

/** Names of other people's programs that our text explains and our code does not contain. */
const FOREIGN = new Set([
  'InitProducerId',
  'AddOffsetsToTxn',
  'AddPartitionsToTxn',
  'TxnOffsetCommit',
  'EndTxn',
  'LeaveGroup',
  'sendOffsetsToTransaction',
  'CONCURRENT_TRANSACTIONS',
  'FENCED_INSTANCE_ID',
  'INVALID_PRODUCER_EPOCH',
  'PREPARE_COMMIT',
  'COMPLETE_COMMIT',
  'abortTransaction',
]);

interface Reference {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

export function docsReferences(files: Files): Report {
  const pages = [...files].filter(([path]) => isMarkdown(path));
  const sources = [...files].filter(([path]) => !isMarkdown(path) && !path.startsWith('tidy/'));
  const code = sources.map(([, text]) => text).join('\n');
  const scripts = scriptsOf(files);
  const references = pages.flatMap(([page, text]) => referencesIn(page, text));
  const kinds = references.map((reference) => ({
    reference,
    fault: faultOf({ reference, files, code, scripts }),
  }));
  const relevant = kinds.filter(({ fault }) => fault !== 'not a reference');
  return {
    looked: relevant.length,
    findings: relevant
      .filter(({ fault }) => fault !== undefined)
      .map(({ reference: { page, line, text }, fault }) => `${page}:${line}: ${text} ${fault}`),
  };
}

function referencesIn(page: string, text: string): Reference[] {
  let fenced = false;
  return text.split('\n').flatMap((content, index) => {
    const isFence = content.trimStart().startsWith('```');
    if (isFence) fenced = !fenced;
    const spans = fenced ? [] : [...content.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '');
    const links = [...content.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => `](${match[1] ?? ''}`);
    const commands = /^(npm (?:run )?[\w:-]+)/.exec(content.trim())?.[1];
    const found = [...spans, ...links, ...(commands ? [commands] : [])];
    const plain = fenced ? content : content.replace(/`[^`]*`|\]\([^)]*\)/g, ' ');
    const bare = [...barePaths(plain), ...(fenced ? mapped(content) : [])];
    return [...found, ...bare].map((one) => ({ page, line: index + 1, text: one }));
  });
}

/** Paths in plain prose, in a comment or in a block of text. */
const BARE = new RegExp(
  `(?<![\\w./@:-])(?:${TOP}|src|web)/[\\w.@*+/-]*\\.(?:${ENDINGS})(?![\\w.-])`,
  'g',
);
const barePaths = (content: string): string[] => [...content.matchAll(BARE)].map(([path]) => path);

/** `apps/  order  payment   a page in each`: a line of a map, of a folder and what lies in it. */
function mapped(content: string): string[] {
  const [, folder, rest = ''] = /^([\w.-]+)\/\s+(\S.*)$/.exec(content) ?? [];
  if (folder === undefined) return [];
  const items = (rest.split(/ {3,}/)[0] ?? '').split('  ');
  const inside = items.length > 1 ? items.map((item) => item.split(' ')[0] ?? '') : [];
  return [`${MAPPED}${folder}/`, ...inside.map((name) => `${MAPPED}${folder}/${name}`)];
}

interface Question {
  readonly reference: Reference;
  readonly files: Files;
  readonly code: string;
  readonly scripts: ReadonlySet<string>;
}

function faultOf(question: Question): string | undefined {
  const { text } = question.reference;
  if (text.startsWith('](')) return linkFault(question);
  if (text.startsWith(MAPPED)) return mapFault(question);
  const command = /^npm (?:run )?([\w:-]+)/.exec(text)?.[1];
  if (command) return commandFault(command, question.scripts);
  if (NOT_IN_A_CLONE.test(text)) return 'not a reference';
  if (PATH_FROM_ROOT.test(text)) return exists(question.files, text) ? undefined : 'does not exist';
  if (PATH_FROM_PAGE.test(text)) return pathFromPageFault(question);
  if (FILE_NAME.test(text)) return fileNameFault(question);
  return nameFault(text, question.code);
}

function linkFault({ reference, files }: Question): string | undefined {
  const target = reference.text.slice(2).split('#')[0] ?? '';
  if (target === '' || /^[a-z]+:/.test(target)) return 'not a reference';
  const path = posix.join(posix.dirname(reference.page), target);
  return exists(files, path) ? undefined : 'leads nowhere';
}

function mapFault({ reference, files }: Question): string | undefined {
  const path = reference.text.slice(MAPPED.length);
  return exists(files, path) || exists(files, `${path}.md`) ? undefined : 'does not exist';
}

const NPM_ITSELF = new Set(['ci', 'install', 'version', 'run', 'root']);

function commandFault(command: string, scripts: ReadonlySet<string>): string | undefined {
  if (NPM_ITSELF.has(command)) return 'not a reference';
  return scripts.has(command) ? undefined : 'is not a script of the package.json';
}

function pathFromPageFault({ reference, files }: Question): string | undefined {
  const path = posix.join(posix.dirname(reference.page), reference.text);
  return exists(files, path) ? undefined : 'does not exist';
}

function fileNameFault({ reference, files }: Question): string | undefined {
  const pattern = globPattern(reference.text);
  const found = [...files.keys()].some((path) => pattern.test(posix.basename(path)));
  return found ? undefined : 'does not exist';
}

function nameFault(text: string, code: string): string | undefined {
  const isName = IDENTIFIER.test(text) || VARIABLE.test(text) || DOTTED.test(text);
  if (!isName) return 'not a reference';
  const name = text.split('(')[0] ?? '';
  if (FOREIGN.has(name)) return undefined;
  if (name.endsWith('.dlq')) return deadLetterFault(name, code);
  const word = new RegExp(`(^|[^\\w])${name.replace(/[.$]/g, '\\$&')}($|[^\\w])`, 'm');
  return word.test(code) ? undefined : 'is in no source file';
}

/** Never written out: `deadLetterTopic(topic, group)`. */
function deadLetterFault(name: string, code: string): string | undefined {
  const parts = name.split('.').slice(0, -1);
  const found = parts.some((_, at) => {
    const [topic, group] = [parts.slice(0, at).join('.'), parts.slice(at).join('.')];
    return topic !== '' && code.includes(`'${topic}'`) && code.includes(`'${group}'`);
  });
  return found ? undefined : 'is no dead-letter topic of a topic and a group';
}

function exists(files: Files, path: string): boolean {
  const wanted = path.replace(/\/$/, '');
  if (wanted === '' || wanted === '.') return true;
  const pattern = globPattern(wanted);
  return [...files.keys()].some((file) => pattern.test(file) || file.startsWith(`${wanted}/`));
}

function globPattern(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`);
}

export function scriptsOf(files: Files): ReadonlySet<string> {
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as {
    scripts?: Record<string, string>;
  };
  return new Set(Object.keys(manifest.scripts ?? {}));
}
