import type { Config } from './config.js';

/** A service behind this door. */
export interface Service {
  readonly name: string;
  readonly url: string;
}

/** In the order of an order's path. */
export function servicesOf(config: Config): readonly Service[] {
  return [
    { name: 'order', url: config.ORDER_URL },
    { name: 'enrichment', url: config.ENRICHMENT_URL },
    { name: 'payment', url: config.PAYMENT_URL },
    { name: 'ledger', url: config.LEDGER_URL },
  ];
}
