import { useState, type ReactNode } from 'react';
import { now } from './clock';
import type { Answer } from './keyed-request';
import { useMemory } from './memory-store';
import { focusTheVerdict } from './order-verdict';
import { keyIsGood } from './placement';
import { sendKeyed } from './send-keyed';

/**
 * For the reader who wants to see it: the very request that made this order, once more. It leaves
 * the page when a tab has placed another order, whose request is the latest then.
 */
export function RepeatRequest({ orderId }: { orderId: string }): ReactNode {
  const { settled } = useMemory();
  const [said, say] = useState('');
  const { outcome, request } = settled ?? {};
  if (!request || outcome?.kind !== 'placed' || outcome.orderId !== orderId) return null;

  const repeat = async (): Promise<void> => {
    if (!keyIsGood(request, now())) return say(TOO_OLD);
    say('Sending the same bytes with the same key…');
    say(inWords(await sendKeyed(request), orderId));
  };
  return (
    <section aria-label="Repeating" className="repeating">
      <button ref={focusTheVerdict} type="button" className="quiet" onClick={() => void repeat()}>
        Send the same request again
      </button>
      <p role="status" aria-label="Answer to the repeat" className="hint">
        {said}
      </p>
    </section>
  );
}

const TOO_OLD =
  'By now the shop may have forgotten the key, and would make a second order of it. Not sent.';

function inWords(answer: Answer, orderId: string): string {
  switch (answer.kind) {
    case 'done':
      return (answer.body as { id: string }).id === orderId && answer.replayed
        ? 'The shop knew the key: the same order again, and no second one.'
        : 'The shop made another order. That must never happen: please report it.';
    case 'refused':
      return answer.detail;
    case 'not-your-session':
      return 'The order is that of another customer by now; nothing was sent.';
    case 'unknown':
      return 'No answer. Whenever you ask again, it cannot become a second order.';
  }
}
