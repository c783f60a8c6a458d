/**
 * Sends what comes one by one together: as soon as one of a few slots is free, all that waits goes
 * in one batch. There is no timer, so that nothing waits while the system is idle, and batches grow
 * by themselves when it is not.
 *
 * Guarantee: each item gets its own outcome, never another's and never one that was not reached;
 * an item that makes its batch fail fails alone.
 * Threat: a batch is all or nothing. One item that the database refuses would take its neighbours
 * with it, so a refused batch is sent again item by item. Only a refusal is: a batch whose answer
 * was lost may have been carried out, and everybody in it is told that its fate is unknown.
 * Not promised: that items are sent in the order in which they came.
 */
export interface CoalescerOptions<Item, Outcome> {
  /** Batches on their way at one moment. */
  readonly slots: number;
  /** Items in a batch. */
  readonly rows: number;
  /** Items that may wait for a slot. */
  readonly waiting: number;
  /** All or nothing; the n-th outcome is the n-th item's. */
  sendAll(items: readonly Item[]): Promise<readonly Outcome[]>;
  /** Whether an error says for certain that nothing of the batch was carried out. */
  isRefusal(error: unknown): boolean;
}

export class Coalescer<Item, Outcome> {
  private readonly waiting: Waiting<Item, Outcome>[] = [];
  private busy = 0;

  constructor(private readonly options: CoalescerOptions<Item, Outcome>) {}

  /** Null when too many wait already: nothing has happened then. */
  submit(item: Item): Promise<Outcome> | null {
    if (this.waiting.length >= this.options.waiting) return null;
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.sendNext();
    });
  }

  private sendNext(): void {
    if (this.busy >= this.options.slots || this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, this.options.rows);
    this.busy += 1;
    void this.settle(batch).then(() => {
      this.busy -= 1;
      this.sendNext();
    });
  }

  /** Never rejects: whatever happens is told to those who wait. */
  private async settle(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.options.sendAll(batch.map(({ item }) => item));
      for (const [n, outcome] of outcomes.entries()) batch[n]?.resolve(outcome);
    } catch (error) {
      if (batch.length > 1 && this.options.isRefusal(error)) {
        for (const one of batch) await this.settle([one]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}
