import type { OrderView } from '@checkout/api';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { cancelOrder, useCancelling, type Cancelling } from './cancelling';
import { hasEnded, isCharged } from './history';
import { formatMoney } from './money';
import { focusTheVerdict, orderVerdict } from './order-verdict';
import { askForOrders } from './queries';
import { shortId } from './words';

/**
 * The wish, its confirmation, and what became of the wish. What became of the order, its status
 * says. Nobody is left with a question that has no answer any more: when the order ends, or a wish
 * is noted elsewhere, while it is asked, it is taken back.
 */
export function CancelOrder({ order }: { order: OrderView }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const client = useQueryClient();
  const cancelling = useCancelling(order.id);
  const asked = order.cancelRequested || cancelling?.kind === 'requested';
  const asking = cancelling?.kind === 'asking';
  const mayCancel = !hasEnded(order) && !asked;
  const [tooLate, setTooLate] = useState(false);
  useEffect(() => {
    if (!mayCancel) dialog.current?.close();
  }, [mayCancel]);
  /** A browser goes back to the button, which is gone when it may not be pressed any more. */
  const closed = (): void => {
    if (mayCancel) return;
    setTooLate(hasEnded(order));
    orderVerdict()?.focus();
  };

  const confirmed = async (): Promise<void> => {
    await cancelOrder(order.id);
    await askForOrders(client);
  };
  return (
    <section aria-label="Cancelling" className="cancelling">
      {mayCancel && (
        <button
          ref={focusTheVerdict}
          type="button"
          className="quiet"
          aria-disabled={asking}
          onClick={() => !asking && dialog.current?.showModal()}
        >
          Cancel order
        </button>
      )}
      <p role="status" aria-label="Cancellation" className="hint">
        {tooLate ? TOO_LATE : wishText(order, asked ? { kind: 'requested' } : cancelling)}
      </p>
      <dialog
        ref={dialog}
        aria-labelledby="cancel-title"
        aria-describedby="cancel-text"
        onClose={closed}
      >
        <form method="dialog" onSubmit={(event) => isYes(event.nativeEvent) && void confirmed()}>
          <h2 id="cancel-title">Cancel order {shortId(order.id)}?</h2>
          <p id="cancel-text">{consequence(order)} A cancellation cannot be taken back.</p>
          <p className="choices">
            <button type="submit" value="no" className="quiet">
              Keep the order
            </button>
            <button type="submit" value="yes" className="danger">
              Yes, cancel it
            </button>
          </p>
        </form>
      </dialog>
    </section>
  );
}

function isYes({ submitter }: SubmitEvent): boolean {
  return (submitter as HTMLButtonElement | null)?.value === 'yes';
}

function consequence(order: OrderView): string {
  const total = formatMoney(order.total);
  return isCharged(order)
    ? `Your card was charged ${total}; the whole amount goes back to it.`
    : `If your card is not charged yet, it will not be; if it is, all of ${total} goes back.`;
}

const TOO_LATE = 'The order has ended meanwhile, so there is nothing left to cancel.';

function wishText(order: OrderView, cancelling: Cancelling | null): string {
  if (cancelling?.kind === 'refused') return `Not cancelled: ${cancelling.detail}`;
  if (hasEnded(order) || !cancelling) return '';
  if (cancelling.kind === 'requested') return 'Your wish to cancel is noted.';
  return cancelling.unanswered === 0
    ? 'Asking the shop to cancel…'
    : 'No answer yet. The same wish is sent again until there is one.';
}
