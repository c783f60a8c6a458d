import type { EncodedRecord, EventType, NewEvent, TopicDefinition } from '@checkout/events';
import { writeEvent } from '@checkout/events';
import type { Books } from '../evidence/books.js';
import type { Evidence } from '../evidence/evidence.js';
import type { ClientOperation, ClientRead, ConsumeEvent } from '../evidence/recordings.js';
import type {
  GatewayEventRow,
  HistoryRow,
  IntentRow,
  LedgerDatabase,
  OrderRow,
  OrdersDatabase,
  OutboxRow,
  PaymentsDatabase,
} from '../evidence/rows.js';
import { canRecord } from '../registry.js';
import { Dice } from './dice.js';
import type { Mutable } from './draft.js';
import { SimulatedKafka } from './simulated-kafka.js';

type OutboxOwner = 'orders' | 'payments';
type Named = Pick<OrderRow, 'id' | 'customerId'>;

/** Everything that a running system would have somewhere, in memory. */
export class World {
  readonly dice: Dice;
  readonly kafka: SimulatedKafka;
  readonly orders: Mutable<OrdersDatabase> = {
    readAt: 0,
    ...{
      orders: [],
      lines: [],
      products: [],
      levels: [],
      keys: [],
      facts: [],
      history: [],
      told: [],
    },
    ...{ outbox: [], inbox: [], parked: [] },
  };
  readonly payments: Mutable<PaymentsDatabase> = {
    ...{ payments: [], attempts: [], webhooks: [], outbox: [], inbox: [], parked: [] },
  };
  readonly ledger: Mutable<LedgerDatabase> = {
    ...{ entries: [], changed: 0, guards: ['equal_or_refused', 'never_removed'] },
  };
  readonly books: Mutable<Books> = { charges: [], refunds: [], requests: [] };
  readonly intents: Mutable<IntentRow>[] = [];
  readonly events: Mutable<GatewayEventRow>[] = [];
  readonly history: ClientOperation[] = [];
  readonly reads: ClientRead[] = [];
  readonly consumed = new Map<string, ConsumeEvent[]>();
  /** Rows that change data capture has still to publish, in the order of their commits. */
  readonly unpublished: Record<OutboxOwner, OutboxRow[]> = { orders: [], payments: [] };
  readonly #watched = new Set<string>();
  #milliseconds = Date.UTC(2026, 0, 5, 9);
  #xid = 700;

  constructor(seed: number) {
    this.dice = new Dice(seed);
    this.kafka = new SimulatedKafka(() => this.#milliseconds);
  }

  /** Time goes on a little with every look. */
  now(): number {
    this.#milliseconds += 1 + this.dice.below(20);
    return this.#milliseconds;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  nextXid(): string {
    this.#xid += 1 + this.dice.below(3);
    return String(this.#xid);
  }

  /** An order comes to its next version, is told of, and who knows of it looks at it. */
  orderIs(order: Named, step: Omit<HistoryRow, 'orderId'>): void {
    const { id: orderId } = order;
    const { version, status } = step;
    this.orders.history.push({ orderId, ...step });
    this.tell(order, version);
    if (this.#watched.has(orderId)) this.#look(orderId, { version, status });
  }

  /** Its customer knows of it, and looks at whatever becomes of it. */
  watch(orderId: string): void {
    this.#watched.add(orderId);
    this.#look(orderId, { version: 1, status: 'placed' });
  }

  #look(orderId: string, seen: ClientRead['seen']): void {
    const at = this.#milliseconds;
    this.reads.push({ orderId, seen, askedAt: at, answeredAt: at });
  }

  /** Puts an event into an outbox, inside the database transaction `xid`. */
  stage<T extends EventType>(
    owner: OutboxOwner,
    { topic, event, xid }: { topic: TopicDefinition; event: NewEvent<T>; xid: string },
  ): void {
    const record = writeEvent(topic, event);
    const row: Mutable<OutboxRow> = {
      id: event.id,
      aggregateType: topic.name.slice('outbox.'.length),
      aggregateId: event.partitionBy ?? event.key,
      type: event.type,
      causationId: event.causationId,
      partition: record.partition,
      payload: textOf(record),
      xid,
      published: null,
    };
    this[owner].outbox.push(row);
    this.unpublished[owner].push(row);
  }

  /** On the customer's event stream: a version of his order, or his wish in that version. */
  tell({ id: orderId, customerId }: Named, version: number, wish = false): void {
    const { told } = this.orders;
    told.push({ orderId, customerId, seq: told.length + 1, version, wish });
  }

  record(incarnation: string, event: ConsumeEvent): void {
    if (!canRecord(event.group, { runsOnStreams: false })) return;
    const own = this.consumed.get(incarnation);
    if (own) own.push(event);
    else this.consumed.set(incarnation, [event]);
  }

  evidence(): Evidence {
    return {
      kafka: this.kafka.evidence(),
      orders: { ...this.orders, readAt: this.now() },
      payments: this.payments,
      ledger: this.ledger,
      gateway: { books: this.books, intents: this.intents, events: this.events },
      recordings: {
        history: this.history,
        reads: this.reads,
        consumed: [...this.consumed].map(([incarnation, events]) => ({ incarnation, events })),
        checkpoint: null,
        planted: [],
        canaries: ['whsec_canary_4242'],
      },
    };
  }
}

export function textOf({ value }: EncodedRecord): string {
  return value.toString('utf8');
}
