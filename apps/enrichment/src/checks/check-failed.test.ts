import type { InputRecord, OutputRecord } from '@checkout/eos';
import { topics } from '@checkout/events';
import { describe, expect, it } from 'vitest';
import { emitted, numbered, orderPlaced, PLACED_AT } from '../testing/given.js';
import { asInput, Pipeline } from '../testing/pipeline.js';
import { checkFailed } from './check-failed.js';

const orderId = numbered(1);
const placed = orderPlaced({ orderId, lines: [{ sku: 'tea-pot', quantity: 1 }] });
const payload = JSON.parse(placed.value.toString()) as Record<string, unknown>;

const broken = (change: Partial<InputRecord>): InputRecord => ({
  ...asInput(placed, 5),
  timestamp: Date.parse('2026-11-23T12:30:00.000Z'),
  ...change,
});
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const fieldsOf = (record: InputRecord) =>
  emitted(checkFailed(record, 'split', 'broken'))[0]?.payload;

describe('a parked record', () => {
  it('that names its order fails the check of that order, at the time of the order', () => {
    expect(fieldsOf(broken({ value: json({ ...payload, total: 12 }) }))).toEqual({
      orderId,
      stage: 'split',
      reason: 'broken',
      occurredAt: PLACED_AT,
    });
  });

  it('without a readable time has the time at which it was written', () => {
    expect(fieldsOf(broken({ value: json({ orderId }) }))).toMatchObject({
      occurredAt: '2026-11-23T12:30:00.000Z',
    });
  });

  it('is known by its key where the key is the order id', () => {
    const record = { value: Buffer.from('{'), key: orderId };
    expect(fieldsOf(broken({ ...record, topic: topics.checks.name }))).toMatchObject({ orderId });
    expect(fieldsOf(broken({ ...record, topic: topics.fraud.name }))).toBeUndefined();
  });

  it.each([
    ['no value', null],
    ['no JSON', Buffer.from('{"orderId":')],
    ['no object', json(7)],
    ['an order id that is none', json({ orderId: 'first' })],
  ])('with %s says nothing', (_what, value) => {
    expect(fieldsOf(broken({ value }))).toBeUndefined();
  });

  it('passes on neither an id that is none nor a trace that is none, of whatever length', () => {
    const headers = { ...placed.headers, id: 'x'.repeat(1_000), traceparent: 'x'.repeat(1_000) };
    const [failed] = checkFailed(broken({ headers }), 'split', 'broken');
    expect(failed?.record.headers).toMatchObject({ 'causation-id': orderId });
    expect(failed?.record.headers).not.toHaveProperty('traceparent');
  });

  it('ends its order, which then releases what the other stages still reserve for it', () => {
    const pipeline = new Pipeline();
    const poison: OutputRecord = {
      ...placed,
      topic: topics.fraud.name,
      key: numbered(1, 2),
      headers: { ...placed.headers, type: 'FraudCheckRequested' },
      value: json({ orderId, total: 'much' }),
    };
    pipeline.publish(poison);
    pipeline.drain();

    expect(pipeline.parked).toHaveLength(1);
    expect(pipeline.events('OrderRejected')).toHaveLength(1);
  });
});
