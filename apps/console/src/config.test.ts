import { expect, it, vi } from 'vitest';
import { readConfig } from './config.js';

const services = {
  PORT: '8080',
  ORDER_URL: 'http://127.0.0.1:1',
  PAYMENT_URL: 'http://127.0.0.1:2',
  LEDGER_URL: 'http://127.0.0.1:3',
  ENRICHMENT_URL: 'http://127.0.0.1:4',
  KAFKA_BROKERS: '127.0.0.1:9092',
};
const evidence = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  GATEWAY_URL: 'http://127.0.0.1:5',
  ORDERS_DATABASE_URL: 'postgres://auditor:a@127.0.0.1/orders',
  PAYMENTS_DATABASE_URL: 'postgres://auditor:a@127.0.0.1/payments',
  LEDGER_DATABASE_URL: 'postgres://auditor:a@127.0.0.1/ledger',
  GATEWAY_DATABASE_URL: 'postgres://auditor:a@127.0.0.1/gateway',
  RUN_DIR: '/tmp/run',
};

it('a console that is told of no evidence has no judge, and starts', () => {
  expect(readConfig(services).evidence).toBeUndefined();
});

it('one that is told of all of it has a judge', () => {
  expect(readConfig({ ...services, ...evidence }).evidence).toEqual(evidence);
});

it.each(['GATEWAY_URL', 'LEDGER_DATABASE_URL', 'RUN_DIR'])(
  'one that is told of all but %s does not start, and says what is missing, and no password',
  (name) => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('ended');
    });
    expect(() => readConfig({ ...services, ...evidence, [name]: undefined })).toThrow('ended');
    const said = String(written.mock.calls[0]?.[0]);
    expect(exit).toHaveBeenCalledWith(78);
    expect(said).toMatch(new RegExp(`^${name}: expected with ORDERS_DATABASE_URL`));
    expect(said).not.toContain('auditor');
    vi.restoreAllMocks();
  },
);
