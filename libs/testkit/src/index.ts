export type { Guard } from '@checkout/eos';
export {
  BrokerProxy,
  checksum,
  chosenEnrichment,
  copyKafkajsWithout,
  JavaWitness,
  startSystem,
  untilSignal,
  type Asked,
  type KafkajsCopy,
  type Moment,
  type System,
} from '@checkout/local';
export { ApiContract, type Documented, type Exchange } from './api-contract.js';
export { type Known } from './arbitrary-value.js';
export { ask } from './ask.js';
export { findBrowser, type Browser } from './browser.js';
export { ledgerEntries, openOrders, query } from './databases.js';
export { freshDatabase, type FreshDatabase } from './fresh-database.js';
export { asSent, type GeneratedRequest, isSendable, requestTo } from './generated-request.js';
export { GeneratedRun } from './generated-run.js';
export { books, refundBooks } from './gateway-books.js';
export { Load, openSessions, type LoadOptions } from './load.js';
export { ShopClient, type OrderWish, type Session } from './shop-client.js';
export { stockLevels } from './stock-levels.js';
export { until, type Wait } from './until.js';
