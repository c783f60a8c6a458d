import { changelogs, heartbeatTopics } from '@checkout/events';
import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { innerTopics } from './inner-topics.js';

const registered = { heartbeats: heartbeatTopics, changelogs };

const connector = JSON.stringify({ 'topic.prefix': 'orders', 'heartbeat.interval.ms': '10000' });
const world = {
  'deploy/connectors/orders-outbox.json': connector,
  'deploy/connectors/ledger-sink.json': '{ "consumer.override.heartbeat.interval.ms": "500" }',
  'apps/ledger/src/booked.ts': `
    export const booked = store<Booked>({ name: 'booked', changelog: changelogs.booked.name });`,
  'apps/ledger/src/book.stage.ts': `stage({ stores: [other, booked] });`,
};
const own = {
  heartbeats: ['__debezium-heartbeat.orders'],
  changelogs: { booked: { name: 'ledger.booked.changelog' } },
};
const findings = (files: Record<string, string>, inner = own) =>
  innerTopics(workspaceOf({ ...world, ...files }), inner).findings;

describe('topics without events', () => {
  test('of the registry have a writer each', () =>
    expectTidy((files) => innerTopics(files, registered)));

  test('a heartbeat with its connector and a changelog with its store are fine', () => {
    expect(findings({})).toEqual([]);
  });

  test('a heartbeat of no connector is found', () => {
    const heartbeats = [...own.heartbeats, '__debezium-heartbeat.nobody'];
    expect(findings({}, { ...own, heartbeats })).toEqual([
      '__debezium-heartbeat.nobody: no connector in deploy/connectors writes it',
    ]);
  });

  test('a connector whose heartbeat has no topic is found', () => {
    const payments = connector.replace('orders', 'payments');
    expect(findings({ 'deploy/connectors/payments-outbox.json': payments })).toEqual([
      '__debezium-heartbeat.payments: a connector writes it, and the registry does not know it',
    ]);
  });

  test('a connector that beats no more is no writer', () => {
    const silent = connector.replace('10000', '0');
    expect(findings({ 'deploy/connectors/orders-outbox.json': silent })).toEqual([
      '__debezium-heartbeat.orders: no connector in deploy/connectors writes it',
    ]);
  });

  test('a changelog of no store is found, whatever a comment or a test says', () => {
    const inner = {
      ...own,
      changelogs: { ...own.changelogs, nobody: { name: 'ledger.nobody.changelog' } },
    };
    const store = `const nobody = store({ changelog: changelogs.nobody.name }); stores: [nobody]`;
    const files = {
      'apps/ledger/src/a.ts': `// ${store}`,
      'apps/ledger/src/a.test.ts': store,
      'apps/order/src/a.ts': store,
    };
    expect(findings(files, inner)).toEqual([
      'ledger.nobody.changelog: no store in apps/ledger writes or restores it',
    ]);
  });

  test('a changelog whose store no stage holds is found', () => {
    expect(findings({ 'apps/ledger/src/book.stage.ts': `stage({ stores: [other] });` })).toEqual([
      'ledger.booked.changelog: no stage in apps/ledger holds its store booked',
    ]);
  });
});
