import { badAddresses } from './addresses.js';
import { brokenRequests } from './broken.js';
import { badBytes } from './bytes.js';
import { cardNumbers } from './card-numbers.js';
import { badFields } from './fields.js';
import { badKeys } from './keys.js';
import { badMeanings } from './meanings.js';
import type { BadInput } from './request.js';

/** All of them, in the order of their numbers. */
export const badInputs: readonly BadInput[] = [
  ...[...badKeys, ...badFields, ...badMeanings],
  ...[...badBytes, ...brokenRequests, ...badAddresses, ...cardNumbers],
].toSorted((one, other) => one.number.localeCompare(other.number));
