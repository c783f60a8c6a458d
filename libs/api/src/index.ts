export {
  audit,
  type Audit,
  type AuditVerdict,
  type CounterExample,
  type ExaminedInvariant,
} from './audits.js';
export { type Readiness } from './health.js';
export type { Operation } from './operation.js';
export { operations } from './operations.js';
export {
  cancelOrder,
  idempotencyKey,
  orderPath,
  orderView,
  pageQuery,
  placedOrder,
  placeOrder,
  type CancelOrder,
  type OrderPage,
  type OrderView,
  type PageQuery,
  type PlacedOrder,
  type PlaceOrder,
} from './orders.js';
export { problems, type ProblemKind } from './problems.js';
export { type Product, type ProductList } from './products.js';
export { openSession, type OpenSession, type Session } from './sessions.js';
export {
  byTime,
  serviceFacts,
  type KnownFact,
  type ServiceFacts,
  type Timeline,
} from './timelines.js';
export { webhookEvent, type WebhookReceived } from './webhooks.js';
