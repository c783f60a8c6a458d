import type { BookedCharge, BookedRefund, BookedRequest, Books } from '../evidence/books.js';

/** The books over HTTP, each from its first page to its last. */
export async function readBooks(gatewayUrl: string): Promise<Books> {
  const [charges, refunds, requests] = await Promise.all([
    pages<StoredCharge>(gatewayUrl, 'charges'),
    pages<StoredRefund>(gatewayUrl, 'refunds'),
    pages<StoredRequest>(gatewayUrl, 'requests'),
  ]);
  return {
    charges: charges.map(bookedCharge),
    refunds: refunds.map(bookedRefund),
    requests: requests.map(bookedRequest),
  };
}

const PAGE = 1000;
const ANSWER_WITHIN_MS = 15_000;

interface Page<Row> {
  readonly data: readonly Row[];
  readonly nextCursor: string | null;
}

async function pages<Row>(gatewayUrl: string, book: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const url = new URL(`/books/${book}`, gatewayUrl);
    url.searchParams.set('limit', String(PAGE));
    if (cursor) url.searchParams.set('cursor', cursor);
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
    const page = (await response.json()) as Page<Row>;
    rows.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor);
  return rows;
}

interface Stored {
  readonly id: string;
  readonly orderId: string | null;
  readonly idempotencyKey: string | null;
}
interface StoredMovement extends Stored {
  readonly paymentIntent: string;
  readonly amount: string | number;
  readonly currency: string;
  readonly status: string;
}
interface StoredCharge extends StoredMovement {
  readonly fee: string | number | null;
}
interface StoredRefund extends StoredMovement {
  readonly charge: string;
}
interface StoredRequest extends Stored {
  readonly method: string;
  readonly path: string;
  readonly parametersHash: string;
  readonly status: number | null;
  readonly created: string;
}

function movement(row: StoredMovement) {
  const { id, paymentIntent, orderId, status } = row;
  return {
    id,
    paymentIntent,
    orderId,
    status,
    amount: BigInt(row.amount),
    currency: row.currency.toUpperCase(),
    key: row.idempotencyKey,
  };
}

function bookedCharge(row: StoredCharge): BookedCharge {
  return { ...movement(row), fee: row.fee === null ? null : BigInt(row.fee) };
}

function bookedRefund(row: StoredRefund): BookedRefund {
  return { ...movement(row), charge: row.charge };
}

function bookedRequest(row: StoredRequest): BookedRequest {
  const { id, method, path, orderId, parametersHash, status } = row;
  const created = Date.parse(row.created);
  return { id, method, path, orderId, key: row.idempotencyKey, parametersHash, status, created };
}
