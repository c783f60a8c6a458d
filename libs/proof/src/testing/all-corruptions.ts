import { corruptionsOfAttempts } from './corruptions-of-attempts.js';
import { corruptionsOfBooks } from './corruptions-of-books.js';
import { corruptionsOfCancels } from './corruptions-of-cancels.js';
import { corruptionsOfCauses } from './corruptions-of-causes.js';
import { corruptionsOfColumns } from './corruptions-of-columns.js';
import { corruptionsOfDoubles } from './corruptions-of-doubles.js';
import { corruptionsOfEnrichment } from './corruptions-of-enrichment.js';
import { corruptionsOfEntries } from './corruptions-of-entries.js';
import { corruptionsOfGateway } from './corruptions-of-gateway.js';
import { corruptionsOfHalves } from './corruptions-of-halves.js';
import { corruptionsOfHistories } from './corruptions-of-histories.js';
import { corruptionsOfJournals } from './corruptions-of-journals.js';
import { corruptionsOfKafka } from './corruptions-of-kafka.js';
import { corruptionsOfMarkers } from './corruptions-of-markers.js';
import { corruptionsOfMarks } from './corruptions-of-marks.js';
import { corruptionsOfMoney } from './corruptions-of-money.js';
import { corruptionsOfOrders } from './corruptions-of-orders.js';
import { corruptionsOfOutboxes } from './corruptions-of-outboxes.js';
import { corruptionsOfOutcomes } from './corruptions-of-outcomes.js';
import { corruptionsOfParking } from './corruptions-of-parking.js';
import { corruptionsOfPayments } from './corruptions-of-payments.js';
import { corruptionsOfReaders } from './corruptions-of-readers.js';
import { corruptionsOfRecordings } from './corruptions-of-recordings.js';
import { corruptionsOfRequests } from './corruptions-of-requests.js';
import { corruptionsOfSecrets } from './corruptions-of-secrets.js';
import { corruptionsOfSequence } from './corruptions-of-sequence.js';
import { corruptionsOfStores } from './corruptions-of-stores.js';
import { corruptionsOfTimes } from './corruptions-of-times.js';
import { corruptionsOfVerdicts } from './corruptions-of-verdicts.js';
import { corruptionsOfWebhooks } from './corruptions-of-webhooks.js';
import { corruptionsOfWishes } from './corruptions-of-wishes.js';
import type { Corruption } from './planting.js';

export const corruptions: readonly Corruption[] = [
  ...corruptionsOfDoubles,
  ...corruptionsOfAttempts,
  ...corruptionsOfRequests,
  ...corruptionsOfWishes,
  ...corruptionsOfJournals,
  ...corruptionsOfTimes,
  ...corruptionsOfColumns,
  ...corruptionsOfKafka,
  ...corruptionsOfReaders,
  ...corruptionsOfRecordings,
  ...corruptionsOfEnrichment,
  ...corruptionsOfStores,
  ...corruptionsOfCancels,
  ...corruptionsOfMoney,
  ...corruptionsOfGateway,
  ...corruptionsOfBooks,
  ...corruptionsOfWebhooks,
  ...corruptionsOfOrders,
  ...corruptionsOfOutcomes,
  ...corruptionsOfCauses,
  ...corruptionsOfEntries,
  ...corruptionsOfPayments,
  ...corruptionsOfHistories,
  ...corruptionsOfMarks,
  ...corruptionsOfHalves,
  ...corruptionsOfOutboxes,
  ...corruptionsOfParking,
  ...corruptionsOfVerdicts,
  ...corruptionsOfMarkers,
  ...corruptionsOfSecrets,
  ...corruptionsOfSequence,
];
