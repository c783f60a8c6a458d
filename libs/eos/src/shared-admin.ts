/**
 * One admin client for many questions, replaced after any error.
 *
 * A client must not be disconnected while a question is under way on it: kafkajs would connect
 * again for that question, and nobody would ever close what it opened. So a client that has failed
 * answers no new questions and is disconnected by the last one that leaves it.
 */
import type { Admin, Kafka } from 'kafkajs';

interface Client {
  readonly admin: Admin;
  readonly connected: Promise<void>;
  questions: number;
  retired: boolean;
}

export class SharedAdmin {
  readonly #kafka: Kafka;
  #client: Client | null = null;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const client = (this.#client ??= this.#connect());
    client.questions++;
    try {
      await client.connected;
      return await question(client.admin);
    } catch (error) {
      this.#retire(client);
      throw error;
    } finally {
      client.questions--;
      disconnectWhenLeft(client);
    }
  }

  /** All answers, or the first error once no question is under way any more. */
  async askAll<Q, T>(
    about: readonly Q[],
    ask: (admin: Admin, about: Q) => Promise<T>,
  ): Promise<T[]> {
    const settled = await Promise.allSettled(
      about.map((one) => this.ask((admin) => ask(admin, one))),
    );
    return settled.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  close(): void {
    if (this.#client) this.#retire(this.#client);
  }

  #connect(): Client {
    const admin = this.#kafka.admin();
    return { admin, connected: admin.connect(), questions: 0, retired: false };
  }

  #retire(client: Client): void {
    client.retired = true;
    if (this.#client === client) this.#client = null;
    disconnectWhenLeft(client);
  }
}

function disconnectWhenLeft({ admin, retired, questions }: Client): void {
  if (retired && questions === 0) admin.disconnect().catch(() => undefined);
}
