import { createHmac } from 'node:crypto';

/** The header `Stripe-Signature` (docs.stripe.com/webhooks/signature), scheme v1. */
export function signatureOf(body: string, secret: string, at: Date): string {
  const timestamp = Math.floor(at.getTime() / 1000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return `t=${timestamp},v1=${signature}`;
}
