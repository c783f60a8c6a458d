import { describe, expect, test } from 'vitest';
import {
  cancelRequest,
  confirmRequest,
  createRequest,
  idempotencyKey,
  refundRequest,
  thaw,
} from './frozen-request.js';

const ORDER = '0190a6b2-6f00-7000-8000-000000000001';
const amount = { amount: '4200', currency: 'EUR' };

describe('a frozen request', () => {
  test('is the same text for the same facts, always', () => {
    expect(createRequest(ORDER, amount, 1)).toEqual(createRequest(ORDER, { ...amount }, 1));
    expect(createRequest(ORDER, amount, 1).text).toBe(
      `{"operation":"create","parameters":{"amount":4200,"currency":"eur",` +
        `"payment_method_types":["card"],"metadata":{"order_id":"${ORDER}"}}}`,
    );
  });

  test('never names a card when it creates, so that creating cannot charge', () => {
    expect(createRequest(ORDER, amount, 1).text).not.toMatch(/"(payment_method|confirm)":/);
  });

  test('thaws to what was frozen', () => {
    const target = { orderId: ORDER, intentId: 'pi_1', paymentMethod: 'pm_card_visa' };
    expect(thaw(confirmRequest(target, 2))).toEqual({
      operation: 'confirm',
      intentId: 'pi_1',
      parameters: {
        payment_method: 'pm_card_visa',
        error_on_requires_action: true,
        expand: ['latest_charge.balance_transaction'],
      },
    });
  });

  test('cancels the intent that it names', () => {
    expect(thaw(cancelRequest(ORDER, 'pi_1', 1))).toEqual({
      operation: 'cancel',
      intentId: 'pi_1',
      parameters: { cancellation_reason: 'requested_by_customer' },
    });
  });

  test('returns the whole amount and says so, so that a second one is refused', () => {
    const frozen = refundRequest({ orderId: ORDER, intentId: 'pi_1', amount }, 2);
    expect(frozen.key).toBe(`${ORDER}:refund:2`);
    expect(thaw(frozen)).toEqual({
      operation: 'refund',
      intentId: 'pi_1',
      parameters: {
        payment_intent: 'pi_1',
        amount: 4200,
        reason: 'requested_by_customer',
        metadata: { order_id: ORDER },
      },
    });
  });

  test('does not thaw when one character was changed', () => {
    const frozen = createRequest(ORDER, amount, 1);
    expect(thaw({ ...frozen, text: frozen.text.replace('4200', '4201') })).toBeNull();
  });

  test('has a key that names order, operation and attempt, and nothing else', () => {
    expect(idempotencyKey(ORDER, 'confirm', 2)).toBe(`${ORDER}:confirm:2`);
  });
});
