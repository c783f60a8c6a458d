import { problems } from '@checkout/api';
import { holdsCardNumber } from './card-number.js';
import { Problem } from './problem.js';

/** An order has three levels; a thousand are somebody's try at our stack. */
const MAX_DEPTH = 16;

/**
 * Reads a JSON body, and refuses what two readers could understand differently.
 *
 * Guarantee: what a handler sees is what any other reader of the same bytes would see. Bytes that
 * are not UTF-8, a field that is named twice (some readers take the first, some the last), and
 * `__proto__` are refused; and so is a number that would be rounded: it becomes the number that is
 * written, in whatever way (`100`, `1e2`, `100.0`), or the body is refused.
 * Threat: `{"quantity":1,"quantity":100}` passes a filter at the edge that reads the first one, and
 * is ordered by a service that reads the last. `0.9999999999999999999` is 1 to a reader of floats
 * and 0 to one that cuts off; `9007199254740993` ends in 2.
 * Not promised: that a number makes sense. Schemas say which do.
 */
export function readJson(bytes: Buffer): unknown {
  const text = decoded(bytes);
  if (text.trim() === '') throw unreadable('The body is empty.');
  const value = parsed(text);
  const fault = ambiguity(text);
  if (fault) throw fault;
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw unreadable('The body is not UTF-8.');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and the text may be anything.
    throw unreadable('The body is not JSON.');
  }
}

/** Strings, with the colon that makes one a name, brackets, commas and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]|-?\d[\d.eE+-]*/g;

/** An object or a list that is open where we read, and what is being read in it. */
interface Level {
  readonly names: Set<string>;
  /** The name of the field, or the place in the list. */
  at: string | number;
}

/** Only of text that is JSON. */
function ambiguity(text: string): Problem | null {
  const open: Level[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    const fault = faultAt(token, colon, open);
    if (fault) return fault;
  }
  return null;
}

/** Reads one more token, and keeps in mind where we are. */
function faultAt(token: string, colon: string | undefined, open: Level[]): Problem | null {
  const level = open.at(-1);
  switch (token.charAt(0)) {
    case '{':
    case '[':
      return opened(token, open);
    case '}':
    case ']':
      open.pop();
      return null;
    case ',':
      if (typeof level?.at === 'number') level.at += 1;
      return null;
    case '"':
      return level && colon ? named(token.slice(0, -colon.length), level) : null;
    default:
      return isKept(token) ? null : rounded(open);
  }
}

function opened(bracket: string, open: Level[]): Problem | null {
  open.push({ names: new Set(), at: bracket === '[' ? 0 : '' });
  if (open.length <= MAX_DEPTH) return null;
  return unreadable(`The body is nested more than ${MAX_DEPTH} levels deep.`);
}

function named(written: string, level: Level): Problem | null {
  const name = JSON.parse(written) as string;
  if (name === '__proto__') return unreadable('A field is called __proto__.');
  if (level.names.has(name)) return unreadable('A field is named twice.');
  level.names.add(name);
  level.at = name;
  return null;
}

/** A float has 17 digits at most; what is longer is nobody's way to write one. */
const LONGEST_NUMBER = 40;
const SHORT_INTEGER = /^-?\d{1,15}$/;

/** The number that it becomes, written out again, is the one that was written. */
function isKept(written: string): boolean {
  if (SHORT_INTEGER.test(written)) return true;
  if (written.length > LONGEST_NUMBER) return false;
  return plainly(written) === plainly(String(Number(written)));
}

/** One way to write each number: its digits without zeros around them, and a power of ten. */
function plainly(written: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return parts ? '0' : written;
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign}${significant}e${power}`;
}

/** Names of fields may be anything: one that looks like a card number is not repeated. */
function rounded(open: readonly Level[]): Problem {
  const path = open.map(({ at }) => at).join('.');
  return new Problem(problems.invalidRequest, {
    detail: '1 fault, listed in errors',
    errors: [
      {
        path: holdsCardNumber(path) ? '' : path,
        message: 'expected a number that is kept as it is written, of 17 digits at most',
      },
    ],
  });
}

function unreadable(detail: string): Problem {
  return new Problem(problems.malformedRequest, { detail });
}
