/** What the gateway does wrong from now on; nothing, when the list is empty. */
export async function planFaults(gatewayUrl: string, faults: readonly object[]): Promise<void> {
  const answer = await fetch(`${gatewayUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  if (!answer.ok) throw new Error(`the gateway refused the faults: ${await answer.text()}`);
}

export async function lostConfirmations(gatewayUrl: string): Promise<number> {
  const answer = await fetch(`${gatewayUrl}/faults`);
  const { data } = (await answer.json()) as { data: { operation: string; fired: number }[] };
  const ours = data.filter(({ operation }) => operation === 'confirm');
  return ours.reduce((sum, { fired }) => sum + fired, 0);
}

/** Longer than the payment service waits for an answer of the gateway. */
const ANSWER_AFTER_MS = 20_000;
/** Longer than it takes to ask for a cancellation, on the page as well. */
const TOLD_AFTER_MS = 5_000;

/** The money goes back, and whoever asked for that does not learn so. */
export const unknownRefund = {
  operation: 'refund',
  when: 'after',
  effect: 'delay',
  delayMs: ANSWER_AFTER_MS,
};

/** What the gateway tells by itself would end at once what is to be seen. */
const toldLate = {
  operation: 'webhook',
  when: 'before',
  effect: 'delay',
  delayMs: TOLD_AFTER_MS,
  count: 10,
};

interface LostCharge {
  /** In the words of a title. */
  readonly what: string;
  /** The charge is made, and whoever asked for it does not learn so. */
  readonly faults: readonly object[];
  /** Of the confirmation, from then on. */
  readonly state: 'SENT' | 'UNKNOWN';
}

export const lostCharges: readonly LostCharge[] = [
  {
    what: 'not answered',
    faults: [
      { operation: 'confirm', when: 'after', effect: 'delay', delayMs: ANSWER_AFTER_MS },
      toldLate,
    ],
    state: 'SENT',
  },
  {
    what: 'unknown',
    faults: [{ operation: 'confirm', when: 'after', effect: 'drop-connection' }, toldLate],
    state: 'UNKNOWN',
  },
];
