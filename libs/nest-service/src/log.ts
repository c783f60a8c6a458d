import type { Log } from '@checkout/eos';
import { pino } from 'pino';
import { build as pretty } from 'pino-pretty';
import { logSettings } from './config.js';

/**
 * One line an event, a sentence about the business, with the order's id as a field.
 *
 * Callers pass an explicit list of fields, never a whole request or record: what is not listed
 * cannot leak. Headers that carry secrets are removed all the same.
 */
const SECRETS = ['authorization', 'cookie', 'token', 'idempotencyKey'];

/** A database's error also carries its statement and the values in it: a customer's key is one. */
export function errorFields(error: Error): object {
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack };
}

export function createLog(name: string): Log {
  const { LOG_LEVEL: level, LOG_FORMAT: format } = logSettings();
  const redact = { paths: SECRETS, remove: true };
  const options = { name, level, base: { name }, redact, serializers: { err: errorFields } };
  if (format === 'json') return pino(options, pino.destination({ dest: 1, sync: true }));
  return pino(options, textStream());
}

function textStream() {
  return pretty({
    colorize: false,
    hideObject: true,
    ignore: 'time,pid,hostname,level,name',
    messageFormat: (line, key) => asSentence(line, String(line[key])),
    destination: 1,
    sync: true,
  });
}

/** Pino's number. */
const INFO = 30;
const OWN_FIELDS = new Set(['time', 'level', 'name', 'msg', 'err', 'pid', 'hostname']);

/** `12:00:01.204 payment  order=01J… charge attempt 1 repeated with the same key` */
export function asSentence(line: Record<string, unknown>, message: string): string {
  const time = new Date(Number(line['time'])).toISOString().slice(11, 23);
  const fields = Object.entries(line)
    .filter(([field]) => !OWN_FIELDS.has(field))
    .map(([field, value]) => `${field}=${asText(value)}`);
  const level = Number(line['level']);
  const alarm = level > INFO ? [String(pino.levels.labels[level]).toUpperCase()] : [];
  const cause = line['err'] === undefined ? [] : [`(${causeOf(line['err'])})`];
  return [time, String(line['name']).padEnd(10), ...alarm, ...fields, message, ...cause].join(' ');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function causeOf(err: unknown): string {
  const { type, message } = err as { type?: string; message?: string };
  return `${type ?? 'error'}: ${message ?? asText(err)}`;
}
