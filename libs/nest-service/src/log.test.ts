import { QueryFailedError } from 'typeorm';
import { expect, test } from 'vitest';
import { asSentence, errorFields } from './log.js';

const line = { time: Date.UTC(2026, 10, 24, 12, 0, 1, 204), level: 30, name: 'payment' };

test('a line is a sentence with the time, the service and the order', () => {
  const text = asSentence({ ...line, order: '01J', attempt: 1 }, 'charged once more');
  expect(text).toBe('12:00:01.204 payment    order=01J attempt=1 charged once more');
});

test('what worries us says so, with its cause', () => {
  const err = { type: 'RetryError', message: 'no answer', stack: 'at …' };
  const text = asSentence({ ...line, level: 40, err }, 'the gateway is away');
  expect(text).toBe('12:00:01.204 payment    WARN the gateway is away (RetryError: no answer)');
});

test('what a statement was asked with stays out of the log', () => {
  const driver = Object.assign(new Error('the connection was ended'), { detail: 'a secret key' });
  const error = new QueryFailedError('SELECT $1', ['a secret key'], driver);
  const said = JSON.stringify(errorFields(error));
  expect(said).toContain('QueryFailedError');
  expect(said).toContain('the connection was ended');
  expect(said).not.toContain('a secret key');
});
