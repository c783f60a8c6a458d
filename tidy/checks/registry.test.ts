import { eventSchemas, topics } from '@checkout/events';
import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { homelessEvents, registry, type Topic, topicNames } from './registry.js';

const approved: Topic = {
  name: 'orders.approved',
  events: ['OrderApproved'],
  producer: 'enrichment',
  consumers: ['payment.charge'],
};
const written = `emitCaused(topics.approved, cause, { type: 'OrderApproved', key })`;
const producer = { 'apps/enrichment/src/a.ts': written };
const consumer = {
  'apps/payment/src/b.ts': `({ group: 'payment.charge', read: () => readEvent('OrderApproved') })`,
};
const findings = (files: Record<string, string>, topic = approved) =>
  registry(workspaceOf(files), { approved: topic }).findings;

describe('the registry of topics', () => {
  test('agrees with the code', () => expectTidy((files) => registry(files, topics)));
  test('is the only place that writes topic names', () =>
    expectTidy((files) => topicNames(files, topics)));
  test('has a topic for every event', () =>
    expectTidy(() => homelessEvents(Object.keys(eventSchemas), topics)));

  test('a topic with a producer and a consumer is fine', () => {
    expect(findings({ ...producer, ...consumer })).toEqual([]);
  });

  test('a topic that its producer never writes to is found, whatever else names it', () => {
    const mentions = [
      `stage({ topics: [topics.approved.name], decode: (r) => readEvent(r, 'OrderApproved') });`,
      `const fedBy = topics.approved; // ${written}`,
      `/* ${written} */ emitCaused(topics.other, cause, { type: 'OrderApproved', key });`,
    ];
    for (const mention of mentions) {
      expect(findings({ ...consumer, 'apps/enrichment/src/a.ts': mention })).toEqual([
        'orders.approved: enrichment never writes to it',
      ]);
    }
  });

  test('what only a test of the producer writes is found', () => {
    expect(findings({ ...consumer, 'apps/enrichment/src/a.test.ts': written })).toEqual([
      'orders.approved: enrichment never writes to it',
    ]);
  });

  test('a group that no code runs, and one that only a test runs, is found', () => {
    const onlyTested = { 'apps/payment/src/b.test.ts': `group('payment.charge', 'OrderApproved')` };
    expect(findings({ ...producer, ...onlyTested })).toEqual([
      'orders.approved: no group payment.charge in apps/payment',
      'OrderApproved: nobody who consumes orders.approved reads it',
    ]);
  });

  test('a topic without a consumer is found', () => {
    expect(findings(producer, { ...approved, consumers: [] })).toContain(
      'orders.approved: nobody consumes it',
    );
  });

  test('an event that nobody makes is found, also when another one goes to its topic', () => {
    const other = {
      'apps/enrichment/src/a.ts': `
        emitCaused(topics.approved, cause, { type: 'OrderLost', payload: { of: 'OrderApproved' } });
        switch (event.type) { case 'OrderApproved': }`,
    };
    expect(findings({ ...other, ...consumer })).toEqual([
      'OrderApproved: enrichment never makes it',
    ]);
  });

  test('an event that its readers only make themselves is found', () => {
    const own = { ...approved, consumers: ['enrichment.join'] };
    const join = { 'apps/enrichment/src/b.ts': `({ group: 'enrichment.join' })` };
    expect(findings({ ...producer, ...join }, own)).toEqual([
      'OrderApproved: nobody who consumes orders.approved reads it',
    ]);
  });

  test('a function that is told the type writes what its callers name, and nothing else', () => {
    const wrapper = `
      function later(type) { return writeEvent(topics.approved, { id, type, key }); }`;
    const files = (call: string) => ({ ...consumer, 'apps/enrichment/src/a.ts': wrapper + call });
    expect(findings(files(`later('OrderApproved');`))).toEqual([]);
    expect(findings(files(`later('OrderLost'); sooner('OrderApproved');`))).toEqual([
      'OrderApproved: enrichment never makes it',
    ]);
  });

  test('a row of the outbox that is written by hand counts, one looked for does not', () => {
    const outbox = { ...approved, name: 'outbox.orders' };
    const statement = (verb: string) => ({
      ...consumer,
      'apps/enrichment/src/a.ts': `q(\`${verb} outbox (type) VALUES ('orders', 'OrderApproved')\`)`,
    });
    expect(findings(statement('INSERT INTO'), outbox)).toEqual([]);
    expect(findings(statement('SELECT FROM'), outbox)).toEqual([
      'outbox.orders: enrichment never writes to it',
    ]);
  });

  test('a sink connector that no configuration names is found', () => {
    const sunk = { ...approved, consumers: ['connect.ledger-sink'] };
    expect(findings(producer, sunk)).toEqual([
      'orders.approved: no connector ledger-sink in deploy/connectors',
    ]);
  });

  test('a topic name written outside the registry is found, a group of that name is not', () => {
    const files = workspaceOf({
      'apps/order/src/a.ts': `/** "orders.approved" */ read('orders.approved') // 'ditto'`,
      'libs/events/src/topics.ts': `name: 'orders.approved'`,
      'apps/enrichment/src/b.ts': `group: 'enrichment.fraud',`,
    });
    const fraud = { ...approved, name: 'enrichment.fraud', consumers: ['enrichment.fraud'] };
    expect(topicNames(files, { approved, fraud }).findings).toEqual([
      `apps/order/src/a.ts:1: write topics.… instead of 'orders.approved'`,
    ]);
  });

  test('an event type on no topic is found', () => {
    expect(homelessEvents(['OrderApproved', 'OrderLost'], { approved }).findings).toEqual([
      'OrderLost: on no topic',
    ]);
  });
});
