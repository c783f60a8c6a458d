import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AttemptState,
  attemptSteps,
  type PaymentState,
  paymentSteps,
  statesBefore,
} from './payment-state.js';
import type { Approval } from './testing/given.js';
import { Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const pairs = <S extends string>(steps: Readonly<Record<S, readonly S[]>>) => {
  const states = Object.keys(steps) as S[];
  return states.flatMap((from) =>
    states.map((to) => [from, to, steps[from].includes(to)] as const),
  );
};

/** A row in any state, put there behind the trigger's back. */
async function forced(table: 'payments' | 'attempts', state: string): Promise<Approval> {
  const approval = await stage.approve();
  const values = table === 'payments' ? forcedPayment(state) : FORCED_ATTEMPT;
  await stage.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(`UPDATE ${table} SET state = $2 ${values} WHERE order_id = $1`, [
      approval.payload.orderId,
      state,
    ]);
  });
  return approval;
}

/** What the constraints ask of the row, besides the state. */
const FORCED_ATTEMPT = `, evidence = 'x', operation = 'confirm',
  idempotency_key = order_id || ':confirm:1'`;

function forcedPayment(state: string): string {
  const base = `, payment_intent_id = order_id::text, fee = 1, reason = 'x',
    cancel_event_id = order_id, cancel_requested_at = now()`;
  if (state === 'REFUNDED') return `${base}, ${REFUND}`;
  return state === 'VOIDED' ? `${base}, ${FACTS.map((fact) => `${fact} = NULL`).join(', ')}` : base;
}

const REFUND = `refund_reference = order_id::text, refunded_at = now(),
  refunded_xid = pg_current_xact_id()`;
const FACTS = [
  'customer_id',
  'amount',
  'tax',
  'currency',
  'payment_method',
  'lines',
  'placed_at',
  'approved_event_id',
  'traceparent',
];

/** What the constraints ask of the row that `to` makes of it. */
function also(from: string, to: string): string {
  if (to === 'REFUNDED' && from !== 'REFUNDED') return `, ${REFUND}`;
  if (from === 'VOIDED' && to !== 'VOIDED') {
    return `, customer_id = order_id, amount = 1, tax = 0, currency = 'EUR', payment_method = 'pm',
      lines = '[]', placed_at = now(), approved_event_id = order_id, traceparent = ''`;
  }
  return '';
}

const change = (table: string, approval: Approval, set: string): Promise<unknown> =>
  stage.dataSource.query(`UPDATE ${table} SET ${set} WHERE order_id = $1`, [
    approval.payload.orderId,
  ]);

describe('the table and the database agree', () => {
  test.each(pairs<PaymentState>(paymentSteps))('payment %s to %s: %s', async (from, to, legal) => {
    const set = `state = '${to}'${also(from, to)}`;
    const step = change('payments', await forced('payments', from), set);
    if (legal || from === to) await expect(step).resolves.toBeDefined();
    else await expect(step).rejects.toThrow('a payment does not go from');
  });

  test.each(pairs<AttemptState>(attemptSteps))('attempt %s to %s: %s', async (from, to, legal) => {
    const step = change('attempts', await forced('attempts', from), `state = '${to}'`);
    if (legal || from === to) await expect(step).resolves.toBeDefined();
    else await expect(step).rejects.toThrow('an attempt does not go from');
  });
});

test('the way to a state names every state before it', () => {
  expect(statesBefore(paymentSteps, 'DECLINED')).toEqual(['CREATING', 'CONFIRMING']);
  expect(statesBefore(paymentSteps, 'PAID')).toEqual(['CONFIRMING', 'CANCELLING']);
  expect(statesBefore(paymentSteps, 'CREATING')).toEqual([]);
  expect(statesBefore(attemptSteps, 'FAILED')).toEqual(['SENT', 'UNKNOWN', 'SUPERSEDED']);
});

describe('the database refuses', () => {
  test.each([
    ['payments', `payment_intent_id = 'pi_other'`, 'set once'],
    ['payments', `payment_intent_id = NULL`, 'set once'],
    ['payments', 'amount = amount + 1', 'never change'],
    ['payments', `payment_method = 'pm_card_amex'`, 'never change'],
    ['payments', `lines = '[]'`, 'never change'],
    ['payments', 'cancel_event_id = NULL, cancel_requested_at = NULL', 'is remembered'],
    ['attempts', `request = request || ' '`, 'frozen'],
    ['attempts', `created_at = now()`, 'frozen'],
    ['attempts', `idempotency_key = 'another'`, 'frozen'],
  ])('%s: %s', async (table, set, why) => {
    const approval = await forced('payments', 'CONFIRMING');
    await expect(change(table, approval, set)).rejects.toThrow(why);
  });

  test.each(['payments', 'attempts'])('deleting from %s', async (table) => {
    await stage.approve();
    await expect(stage.dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow();
  });

  test('a second open attempt of one payment', async () => {
    const { payload } = await stage.approve();
    const second = stage.dataSource.query(
      `INSERT INTO attempts
         (order_id, operation, attempt, idempotency_key, request, request_hash, created_at)
       VALUES ($1, 'create', 2, $2, '', '', now())`,
      [payload.orderId, `${payload.orderId}:create:2`],
    );
    await expect(second).rejects.toThrow('one_open_attempt_per_payment');
  });
});
