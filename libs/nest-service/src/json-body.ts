import { problems } from '@checkout/api';
import { Problem } from './problem.js';

/** An order has three levels; a thousand are somebody's try at our stack. */
const MAX_DEPTH = 16;

/**
 * Reads a JSON body, and refuses what two readers could understand differently.
 *
 * Guarantee: what a handler sees is what any other reader of the same bytes would see. Bytes that
 * are not UTF-8, a field that is named twice (some readers take the first, some the last), and
 * `__proto__` are refused.
 * Threat: `{"quantity":1,"quantity":100}` passes a filter at the edge that reads the first one, and
 * is ordered by a service that reads the last.
 * Not promised: the meaning of numbers beyond 2^53. Schemas refuse them.
 */
export function readJson(bytes: Buffer): unknown {
  const text = decoded(bytes);
  if (text.trim() === '') throw unreadable('The body is empty.');
  const value = parsed(text);
  const fault = ambiguity(text);
  if (fault) throw unreadable(fault);
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

/** Strings, with the colon that makes one a name, and brackets; the rest cannot be ambiguous. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** Only of text that is JSON. */
function ambiguity(text: string): string | null {
  const open: Set<unknown>[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const name: unknown = JSON.parse(token.slice(0, -colon.length));
      if (name === '__proto__') return 'A field is called __proto__.';
      const names = open.at(-1);
      if (names?.has(name)) return 'A field is named twice.';
      names?.add(name);
    }
    if (open.length > MAX_DEPTH) return `The body is nested more than ${MAX_DEPTH} levels deep.`;
  }
  return null;
}

function unreadable(detail: string): Problem {
  return new Problem(problems.malformedRequest, { detail });
}
