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

/**
 * Strings, with the colon that makes one a name, brackets, and numbers that are more than a short
 * integer; the rest cannot be ambiguous.
 */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]|-?\d+[.eE][\d.eE+-]*|-?\d{16,}/g;

/** Only of text that is JSON. */
function ambiguity(text: string): Problem | null {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(new Set());
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (colon !== undefined) {
      const fault = named(token.slice(0, -colon.length), open.at(-1));
      if (fault) return unreadable(fault);
    } else if (!token.startsWith('"') && !isKept(token)) {
      return rounded(pathTo(text.slice(0, index)));
    }
    if (open.length > MAX_DEPTH) {
      return unreadable(`The body is nested more than ${MAX_DEPTH} levels deep.`);
    }
  }
  return null;
}

function named(written: string, names: Set<string> | undefined): string | null {
  const name = JSON.parse(written) as string;
  if (name === '__proto__') return 'A field is called __proto__.';
  if (names?.has(name)) return 'A field is named twice.';
  names?.add(name);
  return null;
}

/** Fifteen digits and a power of ten far from the ends: a float holds them all. */
const EASILY_KEPT = /^-?(?!\d{16})[\d.]{1,16}(?:[eE][+-]?1?\d{1,2})?$/;
/** A float has 17 digits at most; what is longer is nobody's way to write one. */
const LONGEST_NUMBER = 40;

/** The number that it becomes, written out again, is the one that was written. */
function isKept(written: string): boolean {
  if (EASILY_KEPT.test(written)) return true;
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
function rounded(path: string): Problem {
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

const STEP = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g;

/** Of what stands behind this beginning of a JSON text. */
function pathTo(beginning: string): string {
  const path: (string | number)[] = [];
  for (const [token, colon] of beginning.matchAll(STEP)) {
    const at = path.pop();
    if (token === '{' || token === '[') path.push(at ?? '', token === '[' ? 0 : '');
    else if (token === ',') path.push(typeof at === 'number' ? at + 1 : '');
    else if (colon !== undefined) path.push(JSON.parse(token.slice(0, -colon.length)) as string);
    else if (token.startsWith('"')) path.push(at ?? '');
  }
  return path.slice(1).join('.');
}

function unreadable(detail: string): Problem {
  return new Problem(problems.malformedRequest, { detail });
}
