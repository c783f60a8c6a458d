import {
  eventId,
  partitionOf,
  topics,
  type EventType,
  type TopicDefinition,
} from '@checkout/events';
import { idOf, order, raw, type Chance } from './histories.js';
import { base64, CASE, text, type RawRecord } from './topic-client.js';

/**
 * Records that are wrong in one way each, and records that are odd and right. Each says in a header
 * which it is, and a parked copy keeps its headers.
 */
type Change = (record: RawRecord) => RawRecord;

const value =
  (change: (json: string) => string): Change =>
  (record) => ({ ...record, value: base64(change(text(record.value))) });
const bytes =
  (value: string | null): Change =>
  (record) => ({ ...record, value });
/** Of the payload; undefined takes the member away. */
const member = (name: string, it: unknown): Change =>
  value((json) => JSON.stringify({ ...(JSON.parse(json) as object), [name]: it }));
const ofLine = (name: string, it: unknown): Change =>
  value((json) => {
    const payload = JSON.parse(json) as { lines: object[] };
    return JSON.stringify({ ...payload, lines: [{ ...payload.lines[0], [name]: it }] });
  });
const textual = (from: string | RegExp, to: string): Change =>
  value((json) => json.replace(from, to));
const header =
  (name: string, it: string | null | undefined): Change =>
  (record) => ({
    ...record,
    headers: [
      ...record.headers.filter(([one]) => one !== name),
      ...(it === undefined ? [] : [[name, it === null ? null : base64(it)] as const]),
    ],
  });
const key =
  (it: string | null): Change =>
  (record) => ({ ...record, key: it });

const VALUES: Readonly<Record<string, Change>> = {
  'not JSON': value((json) => json.slice(0, 20)),
  'no bytes': bytes(''),
  'null value': bytes(null),
  'byte order mark': value((json) => `\uFEFF${json}`),
  'in UTF-16': (record) => ({
    ...record,
    value: Buffer.from(text(record.value), 'utf16le').toString('base64'),
  }),
  'more behind it': value((json) => `${json} {}`),
  'only space': bytes(base64('  ')),
  'a list': value((json) => `[${json}]`),
  'a text': bytes(base64('"order"')),
  'a null': bytes(base64('null')),
  'a comment': value((json) => `${json}// order`),
  'single quotes': value((json) => json.replaceAll('"', "'")),
  'not a number': textual(/"quantity":\d+/, '"quantity":NaN'),
  'a leading zero': textual(/"quantity":\d+/, '"quantity":01'),
  'a tab in a text': textual('pm_card', 'pm\t_card'),
  'a comma at the end': value((json) => `${json.slice(0, -1)},}`),
};

const HEADERS: Readonly<Record<string, Change>> = {
  'no id': header('id', undefined),
  'id that is no UUID': header('id', 'one'),
  'id without end': header('id', 'x'.repeat(1_000_000)),
  'empty id': header('id', ''),
  'null id': header('id', null),
  'no type': header('type', undefined),
  'no schema version': header('schema-version', undefined),
  'schema version 2': header('schema-version', '2'),
  'no cause': header('causation-id', undefined),
  'no headers': (record) => ({ ...record, headers: [] }),
  'type unknown': header('type', 'OrderForgotten'),
  'type of another topic': header('type', 'StockReceived'),
};

const MEMBERS: Readonly<Record<string, Change>> = {
  'order id is no UUID': member('orderId', 'order-1'),
  'order id of no version': textual(/-7000-/, '-9000-'),
  'order id ends its line': member('orderId', '0192f0c1-0000-7000-8000-000000000001\n'),
  'no lines': member('lines', []),
  'lines that are none': member('lines', { 0: {} }),
  '51 lines': member(
    'lines',
    Array.from({ length: 51 }, () => ({})),
  ),
  'line number 0': ofLine('lineNumber', 0),
  'line number 1.5': ofLine('lineNumber', 1.5),
  'line number as text': ofLine('lineNumber', '1'),
  'quantity too large': ofLine('quantity', 1_000_000_001),
  'quantity without end': textual(/"quantity":\d+/, '"quantity":1e400'),
  'quantity null': ofLine('quantity', null),
  'sku in capitals': ofLine('sku', 'CUP'),
  'sku of 65': ofLine('sku', 'a'.repeat(65)),
  'money with more': member('total', { amount: '1', currency: 'EUR', rate: 2 }),
  'money with a prototype': textual('"total":{', '"total":{"__proto__":1,'),
  'money below nothing': member('total', { amount: '-1', currency: 'EUR' }),
  'money with zeros': member('total', { amount: '007', currency: 'EUR' }),
  'money as a number': member('total', { amount: 42, currency: 'EUR' }),
  'money without currency': member('total', { amount: '42' }),
  'currency in small': member('total', { amount: '42', currency: 'eur' }),
  'payment method of 3': member('paymentMethod', '💳'.repeat(3)),
  'payment method of 129': member('paymentMethod', '💳'.repeat(129)),
  'time without milliseconds': member('occurredAt', '2026-11-23T12:00:00Z'),
  'time of another zone': member('occurredAt', '2026-11-23T12:00:00.000+01:00'),
  'time that never was': member('occurredAt', '2026-02-29T12:00:00.000Z'),
  'time at 24': member('occurredAt', '2026-11-23T24:00:00.000Z'),
  'no tax': member('tax', undefined),
  'customer null': member('customerId', null),
  'twice, the last one wrong': value((json) => `${json.slice(0, -1)},"tax":1}`),
};

/** All of them are right: the order is opened. */
const RIGHT: Readonly<Record<string, Change>> = {
  'right: more members': member('giftWrap', { paper: 'blue' }),
  'right: a prototype': value((json) => `{"__proto__":{"orderId":1},${json.slice(1)}`),
  'right: quantity 2.0': textual(/"quantity":\d+/, '"quantity":2.0'),
  'right: quantity 0.2e1': textual(/"quantity":\d+/, '"quantity":0.2e1'),
  'right: quantity nearly 2': textual(/"quantity":\d+/, '"quantity":2.00000000000000000001'),
  'right: an order id in capitals': value((json) =>
    json.replace(/"orderId":"[^"]+"/, (found) => found.toUpperCase().replace('ORDERID', 'orderId')),
  ),
  'right: members in another order': value((json) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).reverse())),
  ),
  'right: twice, the last one right': value((json) => `{"tax":1,${json.slice(1)}`),
  'right: payment method of 128': member('paymentMethod', '💳'.repeat(128)),
  'right: half a pair': textual('pm_card_visa', 'pm_\\ud83d_visa'),
  'right: what has to be escaped': member(
    'paymentMethod',
    '"\\\u0001\u001f\b\f\n\r\t\u007f\u2028é💳',
  ),
  'right: escaped without need': textual('pm_card', '\\u0070m\\/card'),
  'right: bytes that are no UTF-8': (record) => {
    const bytes = Buffer.from(record.value ?? '', 'base64');
    bytes.set([0xe2, 0x82, 0xff, 0xf0], bytes.indexOf('card_'));
    return { ...record, value: bytes.toString('base64') };
  },
  'right: line numbers at random': value((json) => {
    const payload = JSON.parse(json) as { lines: object[] };
    const lines = [11, 2, 7, 2].map((lineNumber) => ({ ...payload.lines[0], lineNumber }));
    return JSON.stringify({ ...payload, lines });
  }),
  'right: no trace': header('traceparent', undefined),
  'right: a trace that is none': header('traceparent', 'x'.repeat(1_000_000)),
  'right: an empty trace': header('traceparent', ''),
  'right: the last header counts': (record) => ({
    ...record,
    headers: [['type', base64('OrderOverdue')], ...record.headers],
  }),
};

const KEYS: Readonly<Record<string, Change>> = {
  'key of four zero bytes': key('AAAAAA=='),
  'key that is no UTF-8': key('/////w=='),
  'key null': key(null),
  'parked before': (record) => ({
    ...record,
    headers: [
      ['dlq-reason', base64('old')],
      ['twice', base64('one')],
      ...record.headers,
      ['twice', base64('two')],
      ['nothing', null],
      ['dlq-offset', base64('17')],
    ],
  }),
};

/** An order of its own for each, so that what becomes of it can be told. */
export function oddRecords(chance: Chance): RawRecord[] {
  let n = 0;
  const orders = { ...VALUES, ...HEADERS, ...MEMBERS, ...RIGHT };
  const odd = (name: string, right: RawRecord, change: Change): RawRecord =>
    header(CASE, name)(change(right));
  const onOutbox = Object.entries(orders).map(([name, change]) => {
    const payload = order(chance, idOf(chance, 3, n++));
    const id = eventId(payload.orderId, 'OrderPlaced');
    const event = { id, type: 'OrderPlaced', key: id, causationId: id, payload } as const;
    return odd(name, raw(topics.outboxOrder, { ...event, partitionBy: payload.orderId }), change);
  });
  const onInner = (['inventory', 'fraud', 'checks'] as const).flatMap((stage) =>
    Object.entries({ ...WRONG_INSIDE[stage], ...AS_OPENED }).map(([name, change]) => {
      const record = opened(chance, topics[stage], idOf(chance, 4, n++));
      return odd(`${stage}: ${name}`, record, change);
    }),
  );
  const onOthers = Object.entries(OTHERS).map(([name, change]) => {
    const topic = name.startsWith('payment') ? topics.outboxPayment : topics.outboxCatalogue;
    const id = idOf(chance, 5, n++);
    const event = { id, key: id, causationId: id, partitionBy: id } as const;
    const payload = { source: 'x', occurredAt: at.occurredAt };
    const canary = raw(topics.outboxCanary, { ...event, type: 'Canary', payload });
    return odd(name, { ...canary, topic: topic.name }, change);
  });
  return [...onOutbox, ...onInner, ...onOthers];
}

const AS_OPENED: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(
    Object.entries(KEYS).map(([name, change]) => [
      name,
      (record: RawRecord) => change(bytes(base64('{'))(record)),
    ]),
  ),
  'not JSON': VALUES['not JSON']!,
  'null value': VALUES['null value']!,
  'no id': HEADERS['no id']!,
  'no headers': HEADERS['no headers']!,
  'type unknown': HEADERS['type unknown']!,
  'time of its own': value((json) => JSON.stringify({ ...JSON.parse(json), orderId: 7 })),
};

const typed =
  (type: EventType, payload: object): Change =>
  (record) =>
    header('type', type)(bytes(base64(JSON.stringify(payload)))(record));
const at = { occurredAt: '2026-11-23T12:00:00.000Z' };
const id = '0192f0c1-0000-7000-8000-00000000000e';
const stock = { sku: 'cup', bucket: 'cup/0', quantity: 1, ...at };

const WRONG_INSIDE: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  inventory: {
    'bucket 1000': typed('StockReceived', { ...stock, bucket: 'cup/1000' }),
    'less than nothing returned': typed('StockReturned', {
      ...stock,
      ...{ from: 'cup/1', quantity: -1, answersRecall: true },
    }),
    'no yes or no': typed('StockReturned', { ...stock, from: 'cup/1', answersRecall: 'true' }),
    'recall of nothing': typed('StockRecalled', { sku: 'cup', ...at }),
    'release of no line': typed('StockReleaseRequested', { ...stock, orderId: id }),
  },
  fraud: {
    'no customer': typed('FraudCheckRequested', { orderId: id, ...at }),
  },
  checks: {
    'reason unknown': typed('FraudRefused', {
      ...{ orderId: id, ordersInWindow: 1, reason: 'mood', ...at },
    }),
    'outcome unknown': typed('PaymentClosed', { orderId: id, outcome: 'lost', ...at }),
    'no reason': typed('CheckFailed', { orderId: id, stage: 'fraud', ...at }),
  },
};

const OTHERS: Readonly<Record<string, Change>> = {
  'catalogue: nothing was added': typed('StockAdded', {
    sku: 'cup',
    quantity: 0,
    reason: '',
    ...at,
  }),
  'catalogue: no reason': typed('StockAdded', { sku: 'cup', quantity: 1, ...at }),
  'catalogue: no JSON': VALUES['not JSON']!,
  'payment: nothing but the order': typed('PaymentCancelled', { orderId: id, ...at }),
  'payment: no JSON': VALUES['not JSON']!,
};

/** One that would be right on that topic. */
function opened(chance: Chance, topic: TopicDefinition, orderId: string): RawRecord {
  const { customerId, total, lines, occurredAt } = order(chance, orderId);
  const id = eventId(orderId, 'OrderPlaced');
  const [line] = lines;
  const bucket = `${line?.sku}/0`;
  const payloads = {
    'enrichment.inventory': ['StockRequested', bucket, { orderId, ...line, bucket, occurredAt }],
    'enrichment.fraud': [
      'FraudCheckRequested',
      customerId,
      { orderId, customerId, total, occurredAt },
    ],
    'enrichment.checks': ['FraudCleared', orderId, { orderId, ordersInWindow: 1, occurredAt }],
  } as const;
  const [type, key, payload] = payloads[topic.name as keyof typeof payloads];
  const event = { id, type, key, causationId: id, payload } as never;
  return { ...raw(topic, event), partition: partitionOf(key, topic.partitions) };
}
