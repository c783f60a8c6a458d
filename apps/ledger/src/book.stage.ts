import { skip, type Decision, type State } from '@checkout/eos';
import { ExactlyOnce } from '@checkout/eos-nest';
import { readEvent, topics, type AnyEvent, type TransactionalGroup } from '@checkout/events';
import { Controller } from '@nestjs/common';
import { bookPayment } from './book-payment.handler.js';
import { bookRefund } from './book-refund.handler.js';
import { booked } from './booked.js';

export type PaymentEvent = AnyEvent<(typeof topics.outboxPayment.events)[number]>;

/** Reads payments and writes the ledger, with the store that knows what is booked. */
@Controller()
export class BookStage {
  @ExactlyOnce({
    group: 'ledger.book' satisfies TransactionalGroup,
    topics: [topics.outboxPayment.name],
    stores: [booked],
    decode: (record) => readEvent(record, ...topics.outboxPayment.events),
  })
  book(event: PaymentEvent, state: State): Decision {
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
  }
}
