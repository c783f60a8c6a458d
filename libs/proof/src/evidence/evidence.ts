import type { Books } from './books.js';
import type { KafkaEvidence } from './kafka-log.js';
import type { Recordings } from './recordings.js';
import type {
  GatewayEventRow,
  IntentRow,
  LedgerDatabase,
  OrdersDatabase,
  PaymentsDatabase,
} from './rows.js';

/** All that the judge looks at. Nothing else reaches an invariant. */
export interface Evidence {
  readonly kafka: KafkaEvidence;
  readonly orders: OrdersDatabase;
  readonly payments: PaymentsDatabase;
  readonly ledger: LedgerDatabase;
  readonly gateway: GatewayEvidence;
  readonly recordings: Recordings;
}

export interface GatewayEvidence {
  readonly books: Books;
  readonly intents: readonly IntentRow[];
  readonly events: readonly GatewayEventRow[];
}
