import { Injectable } from '@nestjs/common';

/**
 * Wakes the event streams of a customer when there is something new to tell; each looks itself for
 * what.
 */
@Injectable()
export class OrderStreams {
  private readonly byCustomer = new Map<string, Set<Watch>>();

  wake(customerIds: Iterable<string>): void {
    for (const customerId of customerIds) {
      for (const watch of this.byCustomer.get(customerId) ?? []) watch.wake();
    }
  }

  watch(customerId: string): Watch {
    const watches = this.byCustomer.get(customerId) ?? new Set();
    this.byCustomer.set(customerId, watches);
    const watch: Watch = new Watch(() => {
      watches.delete(watch);
      if (watches.size === 0) this.byCustomer.delete(customerId);
    });
    watches.add(watch);
    return watch;
  }
}

/**
 * Remembers a call that came while nobody waited: a change between a look and the wait is not
 * overslept.
 */
class Watch {
  private called = false;
  private resolve: () => void = () => undefined;

  constructor(readonly close: () => void) {}

  wake(): void {
    this.called = true;
    this.resolve();
  }

  /** Resolves when woken, or after the given time at the latest. */
  async next(atMostMs: number): Promise<void> {
    if (!this.called) {
      const late = setTimeout(() => this.resolve(), atMostMs);
      await new Promise<void>((resolve) => (this.resolve = resolve));
      clearTimeout(late);
    }
    this.called = false;
  }
}
