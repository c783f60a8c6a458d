import type { World } from './simulated-world.js';

/** The gateway tells what happened, in any order, and again when the answer was lost. */
export class SimulatedWebhooks {
  constructor(private readonly world: World) {}

  /** One event is told; false when there is none that has not been accepted. */
  step(): boolean {
    const { dice, events, payments } = this.world;
    const untold = events.filter(({ acknowledged }) => acknowledged === 0);
    if (untold.length === 0) return false;
    const event = dice.pick(untold);
    const known = payments.webhooks.find(({ id }) => id === event.id);
    if (known) known.repeats++;
    else {
      const { id, type, orderId, intentId } = event;
      const payment = payments.payments.find((one) => one.orderId === orderId);
      const outcome = OPEN.includes(payment?.state ?? '') ? 'looked-at' : 'known';
      payments.webhooks.push({ id, type, orderId, intentId, outcome, repeats: 0 });
    }
    if (!dice.chance(ANSWER_IS_LOST)) event.acknowledged++;
    return true;
  }
}

const OPEN = ['CREATING', 'CONFIRMING', 'CANCELLING', 'REFUNDING'];
const ANSWER_IS_LOST = 0.2;
