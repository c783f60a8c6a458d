import type { topics, Payload } from '@checkout/events';
import type { AnySeen } from '../log-view.js';
import { bucketsOf, homeOf } from './buckets.js';
import { NOTHING, owe, type Answer, type Put } from './output.js';

type Input = AnySeen<(typeof topics.inventory.events)[number]>;
type Line = Payload<'StockRequested'>;

interface Bucket {
  free: number;
  /** Handed all it had to its home, and does with whatever comes. */
  closed: boolean;
  /** Of a home: who has still to hand over; null before it has asked. */
  awaits: Set<string> | null;
  /** Of a home: those that wait, in order of arrival, each with the event that asked. */
  readonly queue: { readonly id: string; readonly line: Line }[];
  /** How many have ever waited. */
  waited: number;
}

/** Where and when pieces moved. */
type Moved = Pick<Line, 'sku' | 'bucket' | 'occurredAt'>;

/**
 * Pieces per bucket, and what became of each order line, delivery and return: each is answered
 * once. A line that its bucket cannot serve goes to its product's home; home serves in order of
 * arrival, and refuses when all buckets have handed over and it still is not enough.
 */
export class StockModel {
  readonly #buckets = new Map<string, Bucket>();
  /** What the row of a line says. */
  readonly #lines = new Map<string, object>();
  readonly #counted = new Set<string>();

  answer({ id, type, payload }: Input): Answer {
    switch (type) {
      case 'StockReceived':
        return this.#cameIn(id, payload, { counted: payload.quantity });
      case 'StockReturned':
        return this.#returned(id, payload);
      case 'StockRequested':
        return this.#requested(id, payload);
      case 'StockReleaseRequested':
        return this.#released(id, payload);
      case 'StockRecalled':
        return this.#recalled(id, payload);
    }
  }

  #cameIn(id: string, came: Payload<'StockReceived'>, note: object): Answer {
    const name = `${came.bucket}|${id}`;
    if (this.#counted.has(name)) return NOTHING;
    this.#counted.add(name);
    return withPut(rowOf(name, note), this.#given(id, came, came.quantity));
  }

  #returned(id: string, returned: Payload<'StockReturned'>): Answer {
    const { bucket, from, quantity, answersRecall } = returned;
    if (answersRecall) this.#bucket(bucket).awaits?.delete(from);
    return this.#cameIn(id, returned, { returned: quantity });
  }

  /** Pieces that are free from now on, here or at home. */
  #given(id: string, moved: Moved, pieces: number): Answer {
    const bucket = this.#bucket(moved.bucket);
    if (bucket.closed) {
      return handedOver(id, moved, { quantity: pieces, answersRecall: false });
    }
    bucket.free += pieces;
    return this.#served(id, moved, bucket);
  }

  #served(id: string, moved: Moved, bucket: Bucket): Answer {
    const answers: Answer[] = [];
    const mayCome = (bucket.awaits?.size ?? 0) > 0;
    for (let first = bucket.queue[0]; first; first = bucket.queue[0]) {
      const { line } = first;
      const fits = line.quantity <= bucket.free;
      const stillWaits = 'waits' in (this.#lines.get(nameOf(line)) ?? {});
      if (stillWaits && !fits && mayCome) break;
      bucket.queue.shift();
      const number = bucket.waited - bucket.queue.length - 1;
      answers.push({ owed: [], puts: [rowOf(`${moved.bucket}#${number}`, null)] });
      if (!stillWaits) continue;
      answers.push(fits ? this.#holds(first.id, line) : this.#refuses(first.id, line));
    }
    return joined(...answers, levelOf(id, moved, bucket));
  }

  #requested(id: string, line: Line): Answer {
    if (this.#lines.has(nameOf(line))) return NOTHING;
    const bucket = this.#bucket(line.bucket);
    if (bucket.queue.length === 0 && line.quantity <= bucket.free) {
      return joined(this.#holds(id, line), levelOf(id, line, bucket));
    }
    const home = homeOf(line.sku);
    if (line.bucket !== home) {
      const asked = { type: 'StockRequested', payload: { ...line, bucket: home } } as const;
      return {
        owed: [owe(id, { topic: 'inventory', key: home, subject: home, ...asked })],
        puts: [this.#becomes(line, { sentTo: home })],
      };
    }
    return this.#waitsOrIsRefused(id, line, bucket);
  }

  #waitsOrIsRefused(id: string, line: Line, bucket: Bucket): Answer {
    const others = bucketsOf(line.sku).filter((name) => name !== line.bucket);
    const asksNow = bucket.awaits === null;
    const awaits = bucket.awaits ?? new Set(others);
    if (awaits.size === 0) return this.#refuses(id, line);
    bucket.awaits = awaits;
    bucket.queue.push({ id, line });
    const { sku, occurredAt } = line;
    const recalls = others.map((other) =>
      owe(id, {
        ...{ topic: 'inventory', type: 'StockRecalled', key: other, subject: other },
        payload: { sku, bucket: other, occurredAt },
      }),
    );
    const waits = this.#becomes(line, { waits: bucket.waited });
    const place = rowOf(`${line.bucket}#${bucket.waited}`, { line });
    bucket.waited++;
    return { owed: asksNow ? recalls : [], puts: [waits, place] };
  }

  #holds(id: string, line: Line): Answer {
    this.#bucket(line.bucket).free -= line.quantity;
    const put = this.#becomes(line, { held: line.quantity });
    const answer = { topic: 'checks', type: 'StockReserved', key: line.orderId } as const;
    return { owed: [owe(id, { ...answer, payload: line })], puts: [put] };
  }

  #refuses(id: string, line: Line): Answer {
    const payload = { ...line, available: this.#bucket(line.bucket).free };
    const put = this.#becomes(line, { settled: 'refused' });
    const answer = { topic: 'checks', type: 'StockRefused', key: line.orderId } as const;
    return { owed: [owe(id, { ...answer, payload })], puts: [put] };
  }

  #released(id: string, line: Line): Answer {
    const row = this.#lines.get(nameOf(line));
    if (row && !('held' in row) && !('waits' in row)) return NOTHING;
    const put = this.#becomes(line, { settled: 'released' });
    if (row && 'held' in row) return withPut(put, this.#given(id, line, row.held as number));
    // It came before its request, which will then be passed over; or its turn has not come.
    return { owed: [], puts: [put] };
  }

  #recalled(id: string, recalled: Payload<'StockRecalled'>): Answer {
    const bucket = this.#bucket(recalled.bucket);
    if (bucket.closed) return NOTHING;
    const pieces = { quantity: bucket.free, answersRecall: true };
    bucket.free = 0;
    bucket.closed = true;
    return joined(levelOf(id, recalled, bucket), handedOver(id, recalled, pieces));
  }

  #becomes(line: Line, value: object): Put {
    this.#lines.set(nameOf(line), value);
    return rowOf(nameOf(line), value);
  }

  #bucket(name: string): Bucket {
    const known = this.#buckets.get(name);
    if (known) return known;
    const fresh = { free: 0, closed: false, awaits: null, queue: [], waited: 0 };
    this.#buckets.set(name, fresh);
    return fresh;
  }
}

/** What is free in a bucket, told and remembered. */
function levelOf(id: string, { sku, bucket, occurredAt }: Moved, { free }: Bucket): Answer {
  const payload = { sku, bucket, available: free, occurredAt };
  const level = { topic: 'inventoryLevels', type: 'StockLevelChanged', key: bucket } as const;
  return { owed: [owe(id, { ...level, payload })], puts: [rowOf(bucket, { free })] };
}

function rowOf(key: string, value: unknown): Put {
  return { store: 'stock', key, value };
}

function handedOver(
  id: string,
  { sku, bucket: from, occurredAt }: Moved,
  pieces: Pick<Payload<'StockReturned'>, 'quantity' | 'answersRecall'>,
): Answer {
  const home = homeOf(sku);
  const due = owe(id, {
    ...{ topic: 'inventory', type: 'StockReturned', key: home, subject: from },
    payload: { ...pieces, sku, bucket: home, from, occurredAt },
  });
  return { owed: [due], puts: [] };
}

function withPut(put: Put, { owed, puts }: Answer): Answer {
  return { owed, puts: [put, ...puts] };
}

function joined(...answers: readonly Answer[]): Answer {
  return { owed: answers.flatMap(({ owed }) => owed), puts: answers.flatMap(({ puts }) => puts) };
}

function nameOf({ bucket, orderId, lineNumber }: Line): string {
  return `${bucket}|${orderId}/${lineNumber}`;
}
