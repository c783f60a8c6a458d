import { randomBytes } from 'node:crypto';

const ID_BYTES = 12;

/** An object id as the Stripe API writes it: `pi_…`, `ch_…`, `re_…`, `evt_…`, `req_…`. */
export function newId(prefix: 'pi' | 'ch' | 're' | 'txn' | 'evt' | 'req'): string {
  return `${prefix}_${randomBytes(ID_BYTES).toString('hex')}`;
}
