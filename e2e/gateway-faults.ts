/** What the gateway does wrong from now on; nothing, when the list is empty. */
export async function planFaults(gatewayUrl: string, faults: readonly object[]): Promise<void> {
  const answer = await fetch(`${gatewayUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  if (!answer.ok) throw new Error(`the gateway refused the faults: ${await answer.text()}`);
}

export async function firedFaults(gatewayUrl: string): Promise<number> {
  const answer = await fetch(`${gatewayUrl}/faults`);
  const { data } = (await answer.json()) as { data: { fired: number }[] };
  return data.reduce((sum, { fired }) => sum + fired, 0);
}

/** Longer than the payment service waits for an answer of the gateway. */
const ANSWER_AFTER_MS = 20_000;

/** The money goes back, and whoever asked for that does not learn so. */
export const unknownRefund = {
  operation: 'refund',
  when: 'after',
  effect: 'delay',
  delayMs: ANSWER_AFTER_MS,
};

/** The charge is made, and whoever asked for it does not learn so. */
export const unknownCharge = (effect: 'delay' | 'drop-connection') => ({
  operation: 'confirm',
  when: 'after',
  effect,
  delayMs: ANSWER_AFTER_MS,
});
