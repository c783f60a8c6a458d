import type { Decision } from '@checkout/eos';
import { stagesOf } from '@checkout/eos-nest';
import type { AnyEvent, Payload, topics } from '@checkout/events';
import { expect, it } from 'vitest';
import { Stages } from '../stages.js';
import { emitted, event, numbered, PLACED_AT } from '../testing/given.js';
import { asInput, MemoryState } from '../testing/pipeline.js';
import { homeBucketOf, otherBucketsOf } from './buckets.js';

type InventoryEvent = AnyEvent<(typeof topics.inventory.events)[number]>;

const sku = 'tea-pot';
const home = homeBucketOf(sku);
const others = otherBucketsOf(sku);
const [away = ''] = others;
const at = { sku, occurredAt: PLACED_AT };
const received = (bucket: string, quantity: number) =>
  event('StockReceived', { ...at, bucket, quantity });
const line = (bucket: string, order: number, quantity: number) => ({
  ...{ ...at, bucket, quantity, orderId: numbered(order), lineNumber: 1 },
});
const requested = (...of: Parameters<typeof line>) => event('StockRequested', line(...of));
const release = (...of: Parameters<typeof line>) => event('StockReleaseRequested', line(...of));
const recalled = (bucket: string) => event('StockRecalled', { ...at, bucket });
const returned = (from: string, quantity: number, answersRecall = true) =>
  event('StockReturned', { ...at, bucket: home, from, quantity, answersRecall });

/** What the stage says to each event in turn, in a few words. */
function play(...events: readonly InventoryEvent[]): string[][] {
  const stages = new Stages();
  const state = new MemoryState();
  return events.map((one) => {
    const decision = stages.inventory(one, state);
    state.apply(decision);
    return said(decision);
  });
}

function said(decision: Decision): string[] {
  return emitted(decision).map(({ type, payload }) => {
    const { bucket = '', orderId = '' } = payload as { bucket?: string; orderId?: string };
    const order = orderId === '' ? '' : ` order ${Number(orderId.slice(-2))}`;
    return `${type}${order} ${bucket.replace(`${sku}/`, '')}${figureOf(payload)}`;
  });
}

function figureOf(payload: object): string {
  const { available, quantity, from } = payload as Partial<
    Payload<'StockRefused'> & Payload<'StockReturned'>
  >;
  if (from !== undefined) return ` from ${from.replace(`${sku}/`, '')}: ${quantity}`;
  return available === undefined ? '' : `: ${available}`;
}

it('a bucket serves what it can, and sends home what it cannot', () => {
  expect(play(received(away, 5), requested(away, 1, 3), requested(away, 2, 3))).toEqual([
    ['StockLevelChanged 1: 5'],
    ['StockReserved order 1 1', 'StockLevelChanged 1: 2'],
    ['StockRequested order 2 0'],
  ]);
});

it('home recalls the others once, and who comes meanwhile waits behind', () => {
  const recalls = others.map((_, n) => `StockRecalled ${n + 1}`);
  expect(play(received(home, 4), requested(home, 1, 5), requested(home, 2, 1))).toEqual([
    ['StockLevelChanged 0: 4'],
    recalls,
    [],
  ]);
});

it('who waits is served whole, in order of arrival, as pieces come in', () => {
  const [first, ...rest] = others;
  const answers = rest.slice(0, -1).map((from) => returned(from, 0));
  const story = play(
    ...[received(home, 1), requested(home, 1, 5), requested(home, 2, 1), requested(home, 3, 9)],
    ...[returned(first!, 4), ...answers, returned(rest.at(-1)!, 2)],
  );
  expect(story.slice(4)).toEqual([
    ['StockReserved order 1 0', 'StockLevelChanged 0: 0'],
    ...answers.map(() => ['StockLevelChanged 0: 0']),
    ['StockReserved order 2 0', 'StockRefused order 3 0: 1', 'StockLevelChanged 0: 1'],
  ]);
});

it('a recalled bucket hands over once, and from then on whatever comes to it', () => {
  const story = play(
    ...[received(away, 5), requested(away, 1, 2), recalled(away), recalled(away)],
    ...[release(away, 1, 2), received(away, 7), requested(away, 2, 1)],
  );
  expect(story.slice(2)).toEqual([
    ['StockLevelChanged 1: 0', 'StockReturned 0 from 1: 3'],
    [],
    ['StockReturned 0 from 1: 2'],
    ['StockReturned 0 from 1: 7'],
    ['StockRequested order 2 0'],
  ]);
});

it('what is returned is counted once, and what comes back later is for who comes later', () => {
  const late = returned(away, 2, false);
  const story = play(
    ...[requested(home, 1, 1), ...others.map((from) => returned(from, 0))],
    ...[late, late, requested(home, 2, 2)],
  );
  expect(story.at(others.length)).toEqual(['StockRefused order 1 0: 0', 'StockLevelChanged 0: 0']);
  expect(story.slice(-3)).toEqual([
    ['StockLevelChanged 0: 2'],
    [],
    ['StockReserved order 2 0', 'StockLevelChanged 0: 0'],
  ]);
});

it('who gives up while waiting gets nothing when the turn comes', () => {
  const story = play(
    ...[requested(home, 1, 3), requested(home, 2, 3), release(home, 1, 3)],
    ...others.map((from) => returned(from, 1)),
  );
  expect(story.flat().filter((word) => /Reserved|Refused/.test(word))).toEqual([
    'StockReserved order 2 0',
  ]);
});

it('who has given up does not hold up those behind', () => {
  const story = play(
    ...[received(home, 1), requested(home, 1, 5), requested(home, 2, 1), release(home, 1, 5)],
    returned(away, 0),
  );
  expect(story.at(-1)).toEqual(['StockReserved order 2 0', 'StockLevelChanged 0: 0']);
});

it('only an answer is one: what is given back meanwhile does not end the wait for it', () => {
  const [, ...rest] = others;
  const story = play(
    ...[requested(home, 1, 5), returned(away, 2, false), ...rest.map((from) => returned(from, 0))],
    returned(away, 3),
  );
  expect(story.slice(1, -1).flat()).toEqual(others.map(() => 'StockLevelChanged 0: 2'));
  expect(story.at(-1)).toEqual(['StockReserved order 1 0', 'StockLevelChanged 0: 0']);
});

it('a request that comes again while it waits, or was sent home, is not answered again', () => {
  const waits = requested(home, 1, 3);
  const sent = requested(away, 2, 3);
  expect(play(waits, waits, sent, sent).map((words) => words.length)).toEqual([7, 0, 1, 0]);
});

it('is read as it was written', () => {
  const [, inventory] = stagesOf(new Stages());
  for (const one of [recalled(away), returned(away, 0)]) {
    const headers = { id: one.id, type: one.type, 'schema-version': '1', 'causation-id': 'c' };
    const value = Buffer.from(JSON.stringify(one.payload));
    const place = { topic: 'enrichment.inventory', partition: 0, key: away };
    const record = asInput({ ...place, value, headers });
    expect(inventory?.decode(record)).toMatchObject({ type: one.type, payload: one.payload });
  }
});
