import { v7 as uuidv7 } from 'uuid';

/** A demo customer has nothing but an id. */
export function newCustomerId(): string {
  return uuidv7();
}
