import { badEvents } from './events.js';
import type { BadWebhook } from './request.js';
import { badSignatures } from './signatures.js';

/** All of them, in the order of their numbers. */
export const badWebhooks: readonly BadWebhook[] = [...badSignatures, ...badEvents];
