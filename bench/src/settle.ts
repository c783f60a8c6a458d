import { type Audit, reportOf } from '@checkout/proof';

export interface Run {
  readonly audit: Audit;
  /** Orders that were sent, and those that ended booked. */
  readonly sent: number;
  readonly booked: number;
}

/**
 * Throws unless every order that was sent was booked, and the judge found that each was charged and
 * entered once: otherwise there are no figures.
 */
export function settle({ audit, sent, booked }: Run): void {
  if (sent === 0) throw new Error('no order was sent: there is nothing to measure');
  const { orders, held, rest } = audit;
  if (!held || rest.waitingFor.length > 0) {
    throw new Error(`no figures of such a run:\n${reportOf(audit).join('\n')}`);
  }
  if (orders !== sent || booked !== sent) {
    throw new Error(`no figures: ${sent} orders were sent, ${orders} are there, ${booked} booked`);
  }
}
