import { skip, type TransactionalRunnerOptions } from '@checkout/eos';
import { readEvent, topics, type AnyEvent, type TransactionalGroup } from '@checkout/events';
import { bookPayment } from './book-payment.handler.js';
import { bookRefund } from './book-refund.handler.js';
import { booked } from './booked.js';

type PaymentEvent = AnyEvent<
  'PaymentSucceeded' | 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded'
>;
type Stage = Pick<
  TransactionalRunnerOptions<PaymentEvent>,
  'topics' | 'stores' | 'decode' | 'decide'
> & { readonly group: TransactionalGroup };

/** Reads payments and writes the ledger, with the store that knows what is booked. */
export const book: Stage = {
  group: 'ledger.book',
  topics: [topics.outboxPayment.name],
  stores: [booked],
  decode: (record) =>
    readEvent(record, 'PaymentSucceeded', 'PaymentDeclined', 'PaymentCancelled', 'PaymentRefunded'),
  decide(event, state) {
    switch (event.type) {
      case 'PaymentSucceeded':
        return bookPayment(event, state);
      case 'PaymentRefunded':
        return bookRefund(event, state);
      case 'PaymentDeclined':
        return skip('declined: no money has moved');
      case 'PaymentCancelled':
        return skip('cancelled: no money has moved');
    }
  },
};
