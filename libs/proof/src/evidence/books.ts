/** The gateway's append-only books: the witness of what was asked, charged and returned. */
export interface BookedCharge {
  readonly id: string;
  readonly paymentIntent: string;
  readonly orderId: string | null;
  readonly amount: bigint;
  /** ISO 4217, in capitals. */
  readonly currency: string;
  readonly status: string;
  readonly fee: bigint | null;
  readonly key: string | null;
}

export interface BookedRefund {
  readonly id: string;
  readonly charge: string;
  readonly paymentIntent: string;
  readonly orderId: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly status: string;
  readonly key: string | null;
}

export interface BookedRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly orderId: string | null;
  readonly key: string | null;
  readonly parametersHash: string;
  /** What it was answered with; null when it was answered nothing. */
  readonly status: number | null;
  /** By the gateway's clock. */
  readonly created: number;
}

export interface Books {
  readonly charges: readonly BookedCharge[];
  readonly refunds: readonly BookedRefund[];
  readonly requests: readonly BookedRequest[];
}
