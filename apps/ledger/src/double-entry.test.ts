import { MAX_MINOR_UNITS, money } from '@checkout/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookCharge, faultOf, reverseCharge, type Booking, type Leg } from './double-entry.js';
import { ORDER, payment, REFUND, refund, TRANSACTION } from './testing/payment.js';

/** `gateway-fees 147, sales-revenue -3529`: debits as they are, credits with a minus. */
function signed(legs: readonly Leg[]): string {
  return legs
    .map(
      ({ account, direction, amount }) =>
        `${account} ${direction === 'credit' ? '-' : ''}${amount}`,
    )
    .join(', ');
}

const said = (booking: Booking): string =>
  booking.kind === 'entry' ? signed(booking.entry.legs) : `refused: ${booking.reason}`;
const booked = (change: Parameters<typeof payment>[0]): string => said(bookCharge(payment(change)));
const reversed = (change: Parameters<typeof refund>[0]): string =>
  said(reverseCharge(refund(change)));

const upTo = (max: bigint) => fc.bigInt({ min: 0n, max });
/** An amount above zero, with a fee and a tax that fit into it. */
const chargedAmounts = fc
  .bigInt({ min: 1n, max: MAX_MINOR_UNITS })
  .chain((amount) => fc.tuple(fc.constant(amount), upTo(amount), upTo(amount)));

const eur = (amount: string) => ({ amount, currency: 'EUR' });

describe('book charge', () => {
  it.each([
    {
      amount: '4200',
      fee: '147',
      tax: '671',
      legs: 'gateway-receivable 4053, gateway-fees 147, sales-revenue -3529, vat-payable -671',
    },
    {
      amount: '4200',
      fee: '0',
      tax: '671',
      legs: 'gateway-receivable 4200, sales-revenue -3529, vat-payable -671',
    },
    {
      amount: '4200',
      fee: '147',
      tax: '0',
      legs: 'gateway-receivable 4053, gateway-fees 147, sales-revenue -4200',
    },
    { amount: '30', fee: '30', tax: '0', legs: 'gateway-fees 30, sales-revenue -30' },
    { amount: '0', fee: '0', tax: '0', legs: 'refused: an entry has at least two legs' },
    {
      amount: '20',
      fee: '30',
      tax: '0',
      legs: 'refused: gateway-receivable would be debited -10',
    },
    { amount: '20', fee: '0', tax: '21', legs: 'refused: sales-revenue would be credited -1' },
  ])('amount $amount, fee $fee, tax $tax: $legs', ({ amount, fee, tax, legs }) => {
    expect(booked({ amount: eur(amount), fee: eur(fee), tax: eur(tax) })).toBe(legs);
  });

  it('keeps one currency per entry', () => {
    expect(booked({ fee: { amount: '147', currency: 'USD' } })).toBe(
      'refused: currencies differ: EUR, USD',
    );
  });

  it('takes every field from the payment', () => {
    expect(bookCharge(payment())).toMatchObject({
      kind: 'entry',
      entry: {
        transactionId: TRANSACTION,
        orderId: payment().orderId,
        kind: 'charge',
        currency: 'EUR',
        gatewayReference: 'pi_1',
        occurredAt: '2026-11-23T12:00:03.000Z',
      },
    });
  });

  it('balances every payment whose fee and tax fit into its amount', () => {
    fc.assert(
      fc.property(chargedAmounts, ([amount, fee, tax]) => {
        const booking = bookCharge(
          payment({ amount: money(amount, 'EUR'), fee: money(fee, 'EUR'), tax: money(tax, 'EUR') }),
        );
        expect(booking.kind).toBe('entry');
        if (booking.kind === 'entry') {
          expect(sum(booking.entry.legs, 'debit')).toBe(amount);
          expect(sum(booking.entry.legs, 'credit')).toBe(amount);
        }
      }),
    );
  });
});

describe('reverse charge', () => {
  it.each([
    {
      amount: '4200',
      tax: '671',
      legs: 'sales-revenue 3529, vat-payable 671, gateway-receivable -4200',
    },
    { amount: '4200', tax: '0', legs: 'sales-revenue 4200, gateway-receivable -4200' },
    { amount: '30', tax: '30', legs: 'vat-payable 30, gateway-receivable -30' },
    { amount: '0', tax: '0', legs: 'refused: an entry has at least two legs' },
    { amount: '20', tax: '21', legs: 'refused: sales-revenue would be debited -1' },
  ])('amount $amount, tax $tax: $legs', ({ amount, tax, legs }) => {
    expect(reversed({ amount: eur(amount), tax: eur(tax) })).toBe(legs);
  });

  it('keeps one currency per entry', () => {
    expect(reversed({ tax: { amount: '671', currency: 'USD' } })).toBe(
      'refused: currencies differ: EUR, USD',
    );
  });

  it('takes every field from the refund', () => {
    expect(reverseCharge(refund())).toMatchObject({
      kind: 'entry',
      entry: {
        transactionId: REFUND,
        orderId: ORDER,
        kind: 'refund',
        currency: 'EUR',
        gatewayReference: 're_1',
        occurredAt: '2026-11-23T12:10:00.000Z',
      },
    });
  });

  it('balances, and leaves of its charge nothing but the fee', () => {
    fc.assert(
      fc.property(chargedAmounts, ([amount, fee, tax]) => {
        const whole = { amount: money(amount, 'EUR'), tax: money(tax, 'EUR') };
        const charge = bookCharge(payment({ ...whole, fee: money(fee, 'EUR') }));
        const reversal = reverseCharge(refund(whole));
        if (charge.kind !== 'entry' || reversal.kind !== 'entry') throw new Error('refused');
        expect(sum(reversal.entry.legs, 'debit')).toBe(amount);
        expect(sum(reversal.entry.legs, 'credit')).toBe(amount);

        const all = [...charge.entry.legs, ...reversal.entry.legs];
        const left = (account: string) => {
          const legs = all.filter((leg) => leg.account === account);
          return sum(legs, 'debit') - sum(legs, 'credit');
        };
        expect(left('sales-revenue')).toBe(0n);
        expect(left('vat-payable')).toBe(0n);
        expect(left('gateway-fees')).toBe(fee);
        expect(left('gateway-receivable')).toBe(-fee);
      }),
    );
  });
});

describe('fault of an entry', () => {
  const leg = fc.record({
    account: fc.constantFrom('gateway-receivable', 'sales-revenue'),
    direction: fc.constantFrom('debit' as const, 'credit' as const),
    amount: fc.bigInt({ min: -5n, max: 5n }).map(String),
  });

  it('is found exactly in those that do not balance, or have a leg of nothing', () => {
    fc.assert(
      fc.property(fc.array(leg, { maxLength: 5 }), (legs) => {
        const sound =
          legs.length >= 2 &&
          legs.every(({ amount }) => BigInt(amount) > 0n) &&
          sum(legs, 'debit') === sum(legs, 'credit');
        expect(faultOf(legs) === undefined).toBe(sound);
      }),
      { numRuns: 2_000 },
    );
  });
});

function sum(legs: readonly Leg[], direction: Leg['direction']): bigint {
  return legs
    .filter((leg) => leg.direction === direction)
    .reduce((total, { amount }) => total + BigInt(amount), 0n);
}
