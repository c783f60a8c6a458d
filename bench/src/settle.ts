import type { Verdict } from '@checkout/testkit';

/**
 * Throws unless every order that was sent was booked, charged once and entered once: then there are
 * no figures.
 */
export function settle(verdict: Verdict, sent: number): void {
  const booked = verdict.byStatus['booked'] ?? 0;
  const counts = { sent, orders: verdict.orders, booked, charges: verdict.charges };
  const all = { ...counts, entries: verdict.entries };
  if (sent === 0) throw new Error('no order was sent: there is nothing to measure');
  if (Object.values(all).some((count) => count !== sent) || verdict.violations.length > 0) {
    throw new Error(
      `orders, charges and entries do not match, so no figures: ${JSON.stringify(all)}`,
    );
  }
}
