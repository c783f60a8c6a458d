/**
 * Tokens whose signature was found good. The same one comes with every request of its customer, and
 * to verify it again costs as much as to store his order.
 *
 * Guarantee: a customer is found by the whole token and by nothing less, and not beyond the token's
 * end. Whoever changes a byte of it, or comes too late, is verified like a stranger.
 */
export interface Verified {
  readonly customerId: string;
  readonly endsAt: Date;
}

/** A few megabytes; more customers than are at work within a minute. */
const REMEMBERED = 10_000;

export class VerifiedTokens {
  private readonly byToken = new Map<string, Verified>();

  constructor(private readonly atMost = REMEMBERED) {}

  customerOf(token: string, at: Date): string | undefined {
    const verified = this.byToken.get(token);
    if (verified && at < verified.endsAt) return verified.customerId;
    this.byToken.delete(token);
    return undefined;
  }

  remember(token: string, verified: Verified): void {
    // A map keeps the order of insertion: the one that was verified first makes room.
    const oldest = this.byToken.keys().next();
    if (this.byToken.size >= this.atMost && !oldest.done) this.byToken.delete(oldest.value);
    this.byToken.set(token, verified);
  }
}
