import { v7 as uuidv7 } from 'uuid';

/**
 * An order's id is drawn once, when its request is accepted; every other id is derived from it.
 * Version 7 rises with time, so that new rows lie together in the index and "newest first" is an
 * order by id.
 */
export function newOrderId(): string {
  return uuidv7();
}
