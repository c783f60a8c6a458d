import type { Config } from './config.js';

/** A service behind this door. */
export interface Service {
  readonly name: string;
  readonly url: string;
}

/** In the order of an order's path. */
export function servicesOf(config: Config): Record<'knowing' | 'all', readonly Service[]> {
  const order = { name: 'order', url: config.ORDER_URL };
  const enrichment = { name: 'enrichment', url: config.ENRICHMENT_URL };
  const payment = { name: 'payment', url: config.PAYMENT_URL };
  const ledger = { name: 'ledger', url: config.LEDGER_URL };
  return { knowing: [order, payment, ledger], all: [order, enrichment, payment, ledger] };
}
