import { expect } from 'vitest';
import { until } from './until.ts';

/** A customer of a running shop, with the token that the shop has given out. */
export interface Customer {
  readonly url: string;
  readonly token: string;
}

const BOOKED_WITHIN_MS = 60_000;

export async function newCustomer(url: string): Promise<Customer> {
  const { token = '' } = await post(`${url}/api/session`, {}, {});
  return { url, token };
}

/** The order's id, as soon as it is accepted. */
export async function orderACup({ url, token }: Customer, key: string): Promise<string> {
  const body = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key };
  const { id = '' } = await post(`${url}/api/orders`, body, headers);
  return id;
}

/** The order's id, when it is booked. */
export async function buyACup(customer: Customer, key: string): Promise<string> {
  const id = await orderACup(customer, key);
  await until(async () => (await statusesOf(customer)).get(id) === 'booked', BOOKED_WITHIN_MS);
  return id;
}

export async function statusesOf({ url, token }: Customer): Promise<Map<string, string>> {
  const answer = await fetch(`${url}/api/orders`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { data } = (await answer.json()) as { data: { id: string; status: string }[] };
  return new Map(data.map(({ id, status }) => [id, status]));
}

async function post(
  url: string,
  body: object,
  headers: Record<string, string>,
): Promise<Record<string, string>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Record<string, string>;
}
