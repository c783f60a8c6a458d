/**
 * The tables, as rows. Money is a whole number of minor units, time is ISO text with milliseconds
 * or milliseconds since the epoch; ids are text in lower case, as PostgreSQL writes them.
 */
export interface OrderRow {
  readonly id: string;
  readonly customerId: string;
  readonly status: string;
  readonly version: number;
  /** Why it came to nothing, in words for the customer; null: it has not. */
  readonly reason: string | null;
  readonly total: bigint;
  readonly tax: bigint;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly placedAt: string;
  /** The customer has wished to cancel it. */
  readonly cancelRequested: boolean;
  /** It was told that nobody has decided it in time. */
  readonly overdue: boolean;
  /** The database transaction that inserted it. */
  readonly xid: string;
}

export interface OrderLineRow {
  readonly orderId: string;
  readonly lineNumber: number;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: bigint;
}

export interface ProductRow {
  readonly sku: string;
  readonly unitPrice: bigint;
  readonly currency: string;
  readonly vatPermille: number;
  /** Shown as long as there is no level of it. */
  readonly available: number;
}

/** What the shop was told last of a bucket, and where it was read. */
export interface LevelRow {
  readonly bucket: string;
  readonly sku: string;
  readonly available: number;
  readonly partition: number;
  readonly offset: number;
}

/** What a customer asked for under a key, and the answer that is given again. */
export interface KeyRow {
  readonly customerId: string;
  readonly route: string;
  readonly key: string;
  readonly requestHash: string;
  readonly status: number;
  readonly response: string;
  readonly orderId: string;
}

export interface FactRow {
  readonly orderId: string;
  readonly kind: string;
  readonly reason: string | null;
  readonly eventId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface HistoryRow {
  readonly orderId: string;
  readonly version: number;
  readonly status: string;
  readonly reason: string | null;
}

/** A version that was told on a customer's event stream, or his wish to cancel in that version. */
export interface ToldRow {
  readonly orderId: string;
  /** On whose stream. */
  readonly customerId: string;
  /** The place on the stream: who goes on reading names the last one that he has seen. */
  readonly seq: number;
  readonly version: number;
  readonly wish: boolean;
}

export interface OutboxRow {
  readonly id: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly type: string;
  readonly causationId: string;
  readonly partition: number;
  readonly payload: string;
  readonly xid: string;
  /** Where it was read back from its topic; null while nobody has. */
  readonly published: { topic: string; partition: number; offset: number } | null;
}

export interface InboxRow {
  readonly group: string;
  readonly eventId: string;
}

export interface ParkedRow extends InboxRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
}

/** What every database with an inbox and an outbox has. */
export interface MessagingRows {
  readonly outbox: readonly OutboxRow[];
  readonly inbox: readonly InboxRow[];
  readonly parked: readonly ParkedRow[];
}

export interface OrdersDatabase extends MessagingRows {
  /** When it was read, by its own clock. */
  readonly readAt: number;
  readonly orders: readonly OrderRow[];
  readonly lines: readonly OrderLineRow[];
  readonly products: readonly ProductRow[];
  readonly levels: readonly LevelRow[];
  readonly keys: readonly KeyRow[];
  readonly facts: readonly FactRow[];
  readonly history: readonly HistoryRow[];
  readonly told: readonly ToldRow[];
}

/** A payment that was cancelled before it was approved (VOIDED) has none of the order's facts. */
export interface PaymentRow {
  readonly orderId: string;
  readonly amount: bigint | null;
  readonly tax: bigint | null;
  readonly currency: string | null;
  readonly state: string;
  readonly approvedEventId: string | null;
  readonly cancelEventId: string | null;
  readonly intentId: string | null;
  readonly fee: bigint | null;
  /** Why it was declined, or is in quarantine. */
  readonly reason: string | null;
  /** When the outcome was written, and by which database transaction. */
  readonly decidedAt: string | null;
  readonly decidedXid: string | null;
  readonly refundReference: string | null;
  /** The same of the return of all. */
  readonly refundedAt: string | null;
  readonly refundedXid: string | null;
}

export interface AttemptRow {
  readonly orderId: string;
  readonly operation: string;
  readonly attempt: number;
  readonly key: string;
  readonly state: string;
  readonly evidence: string | null;
  readonly createdAt: number;
  readonly decidedAt: number | null;
}

/** An event of the gateway that was taken note of. */
export interface WebhookRow {
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly intentId: string | null;
  readonly outcome: string;
  /** How often it came again. */
  readonly repeats: number;
}

export interface PaymentsDatabase extends MessagingRows {
  readonly payments: readonly PaymentRow[];
  readonly attempts: readonly AttemptRow[];
  readonly webhooks: readonly WebhookRow[];
}

export interface LedgerRow {
  readonly transactionId: string;
  /** The very bytes of the record. */
  readonly entry: string;
}

export interface LedgerDatabase {
  readonly entries: readonly LedgerRow[];
  /** Rows of the table that PostgreSQL has seen updated or deleted. */
  readonly changed: number;
  /** Triggers of the table that are switched on. */
  readonly guards: readonly string[];
}

/** What the gateway tells by itself, as it recorded it with its effect. */
export interface GatewayEventRow {
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly intentId: string | null;
  /** Deliveries of it that were answered with yes. */
  readonly acknowledged: number;
}

export interface IntentRow {
  readonly id: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly status: string;
  /** What it was, or may be, confirmed with; null: nothing, or a card that was declined. */
  readonly paymentMethod: string | null;
  readonly orderId: string | null;
}
