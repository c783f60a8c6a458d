import type { Payload } from '@checkout/events';
import type { AnySeen } from '../log-view.js';
import { NOTHING, owe, type Answer, type Owed, type Put } from './output.js';

type Input = AnySeen<'StockReceived' | 'StockRequested' | 'StockReleaseRequested'>;
type Line = Payload<'StockRequested'>;

/** Pieces per bucket, and what became of each order line and delivery: each is answered once. */
export class StockModel {
  readonly #free = new Map<string, number>();
  /** Pieces held by a line; 0 when it was refused or released. */
  readonly #lines = new Map<string, number>();
  readonly #counted = new Set<string>();

  answer({ id, type, payload }: Input): Answer {
    switch (type) {
      case 'StockReceived':
        return this.#received(id, payload);
      case 'StockRequested':
        return this.#requested(id, payload);
      case 'StockReleaseRequested':
        return this.#released(id, payload);
    }
  }

  #received(id: string, { bucket, sku, quantity, occurredAt }: Payload<'StockReceived'>): Answer {
    const delivery = `${bucket}|${id}`;
    if (this.#counted.has(delivery)) return NOTHING;
    this.#counted.add(delivery);
    const note: Put = { store: 'stock', key: delivery, value: { counted: quantity } };
    return this.#moved(id, { bucket, sku, by: quantity, occurredAt }, [note]);
  }

  #requested(id: string, line: Line): Answer {
    const name = nameOf(line);
    if (this.#lines.has(name)) return NOTHING;
    const { bucket, sku, quantity, orderId, occurredAt } = line;
    const free = this.#free.get(bucket) ?? 0;
    if (quantity > free) {
      this.#lines.set(name, 0);
      const refused = { ...line, available: free };
      const answer = { topic: 'checks', type: 'StockRefused', key: orderId } as const;
      const settled: Put = { store: 'stock', key: name, value: { settled: 'refused' } };
      return { owed: [owe(id, { ...answer, payload: refused })], puts: [settled] };
    }
    this.#lines.set(name, quantity);
    const held: Put = { store: 'stock', key: name, value: { held: quantity } };
    const moved = this.#moved(id, { bucket, sku, by: -quantity, occurredAt }, [held]);
    const answer = { topic: 'checks', type: 'StockReserved', key: orderId } as const;
    return { ...moved, owed: [owe(id, { ...answer, payload: line }), ...moved.owed] };
  }

  #released(id: string, line: Line): Answer {
    const name = nameOf(line);
    const held = this.#lines.get(name);
    if (held === 0) return NOTHING;
    this.#lines.set(name, 0);
    const settled: Put = { store: 'stock', key: name, value: { settled: 'released' } };
    // It came before its request, which will then be passed over.
    if (held === undefined) return { owed: [], puts: [settled] };
    const { bucket, sku, occurredAt } = line;
    return this.#moved(id, { bucket, sku, by: held, occurredAt }, [settled]);
  }

  #moved(
    id: string,
    move: { bucket: string; sku: string; by: number; occurredAt: string },
    puts: readonly Put[],
  ): Answer {
    const { bucket, sku, by, occurredAt } = move;
    const free = (this.#free.get(bucket) ?? 0) + by;
    this.#free.set(bucket, free);
    const payload = { sku, available: free, occurredAt };
    const level: Owed = owe(id, {
      topic: 'inventoryLevels',
      type: 'StockLevelChanged',
      key: sku,
      payload,
    });
    return { owed: [level], puts: [...puts, { store: 'stock', key: bucket, value: { free } }] };
  }
}

function nameOf({ bucket, orderId, lineNumber }: Line): string {
  return `${bucket}|${orderId}/${lineNumber}`;
}
