import { expect, test } from 'vitest';
import { z } from 'zod';
import { configFaults, databaseEnv, kafkaEnv, logSettings, serviceEnv } from './config.js';

const environment = z.object({ ...serviceEnv, ...kafkaEnv, ...databaseEnv });
const good = {
  PORT: '3001',
  RUN_MODE: 'local',
  KAFKA_BROKERS: 'one:9092,two:9093',
  DATABASE_URL: 'postgres://orders:secret@127.0.0.1:5432/orders',
};

test('the environment becomes one typed value, with defaults that suit production', () => {
  expect(environment.parse({ ...good, RUN_MODE: undefined })).toEqual({
    PORT: 3001,
    RUN_MODE: 'production',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
    KAFKA_BROKERS: ['one:9092', 'two:9093'],
    INSTANCE_ORDINAL: 0,
    DATABASE_URL: good.DATABASE_URL,
  });
});

test.each([
  ['PORT', undefined, 'expected the HTTP port: a whole number from 0 to 65535'],
  ['PORT', '', 'expected the HTTP port'],
  ['PORT', '70000', 'expected the HTTP port: from 0 to 65535'],
  ['PORT', '0x50', 'expected the HTTP port'],
  ['RUN_MODE', 'prod', 'production'],
  ['KAFKA_BROKERS', undefined, 'expected host:port'],
  ['KAFKA_BROKERS', 'localhost', 'expected host:port'],
  ['INSTANCE_ORDINAL', '-1', 'expected the number of this replica'],
  ['DATABASE_URL', 'mysql://a:b@c/d', 'expected postgres://'],
])('%s = %s is named, with what was expected', (name, value, expectation) => {
  const parsed = environment.safeParse({ ...good, [name]: value });
  const faults = parsed.success ? [] : configFaults(parsed.error);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${name}: `);
  expect(faults[0]).toContain(expectation);
});

test('every fault is listed, and no value', () => {
  const parsed = environment.safeParse({ PORT: 'secret-1', DATABASE_URL: 'secret-2' });
  const faults = parsed.success ? [] : configFaults(parsed.error);
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'PORT',
    'KAFKA_BROKERS',
    'DATABASE_URL',
  ]);
  expect(faults.join()).not.toContain('secret');
});

test('a faulty log setting does not keep the fault from being logged', () => {
  const expected = { LOG_LEVEL: 'info', LOG_FORMAT: 'json' };
  expect(logSettings({ LOG_LEVEL: 'loud', LOG_FORMAT: 'xml' })).toEqual(expected);
});
