import type { ApiContract, Documented, Exchange } from './api-contract.js';
import { faultsIn, type GeneratedRequest } from './generated-request.js';

/**
 * A run of requests that were drawn from the OpenAPI document, and what is asked of each answer: it
 * is no fault of the server's, it is as documented, what the document forbids is not accepted, and
 * what it allows is understood. A run that has left out an operation says which.
 */
export class GeneratedRun {
  private readonly counts: ReadonlyMap<string, Count>;

  constructor(
    private readonly contract: ApiContract,
    readonly operations: readonly Documented[],
    private readonly holdsCardNumber: (text: string) => boolean = hasDigits,
  ) {
    const none = () => ({ allowed: 0, forbidden: 0, statuses: {} });
    this.counts = new Map(operations.map((operation) => [nameOf(operation), none()]));
  }

  /** Throws with what is wrong; `otherwise`: what no document can tell, as of a signature. */
  judge(request: GeneratedRequest, answer: Exchange, otherwise: readonly string[] = []): void {
    const faults = [...faultsIn(request, this.contract), ...otherwise];
    this.count(request, answer, faults);
    const wrong = this.wrongWith(request, answer, faults);
    if (wrong.length === 0) return;
    throw new Error(`${answer.method} ${answer.url}: ${wrong.join('; ')}\n${answer.body}`);
  }

  /** What a run as a whole owes, and has not done. */
  gaps(): string[] {
    return this.operations.flatMap((operation) => {
      const name = nameOf(operation);
      const { allowed, forbidden, statuses } = this.countOf(operation);
      if (allowed + forbidden === 0) return [`${name} was never asked`];
      const accepted = Object.keys(statuses).some((status) => status.startsWith('2'));
      return [
        ...(accepted ? [] : [`${name} was never accepted`]),
        ...(forbidden === 0 && canBeWrong(operation) ? [`${name} was never asked wrongly`] : []),
      ];
    });
  }

  /** A line an operation, for people. */
  summary(): string {
    const lines = [...this.counts].map(([name, { allowed, forbidden, statuses }]) => {
      const told = Object.entries(statuses).map(([status, times]) => `${status} × ${times}`);
      const asked = `${allowed + forbidden} requests, ${forbidden} of them forbidden`;
      return `${name}: ${asked}: ${told.join(', ')}`;
    });
    return lines.join('\n');
  }

  /** All statuses that were met. */
  statuses(): number[] {
    const met = [...this.counts.values()].flatMap(({ statuses }) => Object.keys(statuses));
    return [...new Set(met)].map(Number).toSorted((a, b) => a - b);
  }

  total(): { readonly allowed: number; readonly forbidden: number } {
    const all = [...this.counts.values()];
    return {
      allowed: all.reduce((sum, { allowed }) => sum + allowed, 0),
      forbidden: all.reduce((sum, { forbidden }) => sum + forbidden, 0),
    };
  }

  private wrongWith(request: GeneratedRequest, answer: Exchange, faults: string[]): string[] {
    const { status } = answer;
    if (status >= 500) return [`a fault of the server: ${status}`];
    const undocumented = this.contract.faultsOf(answer);
    if (undocumented.length > 0) return undocumented;
    if (faults.length > 0) {
      return status < 400 ? [`accepted with ${status}, although ${faults.join(', ')}`] : [];
    }
    // What is drawn may look like a card number by chance.
    const looksLikeCard =
      answer.body.includes('/problems/card-number') &&
      this.holdsCardNumber(JSON.stringify(request));
    return UNDERSTOOD.includes(status) || looksLikeCard ? [] : [`refused with ${status}`];
  }

  private count({ operation }: GeneratedRequest, { status }: Exchange, faults: string[]): void {
    const count = this.countOf(operation);
    count[faults.length > 0 ? 'forbidden' : 'allowed'] += 1;
    count.statuses[status] = (count.statuses[status] ?? 0) + 1;
  }

  private countOf(operation: Documented): Count {
    const count = this.counts.get(nameOf(operation));
    if (!count) throw new Error(`${nameOf(operation)} is none of this run`);
    return count;
  }
}

interface Count {
  allowed: number;
  forbidden: number;
  readonly statuses: Record<number, number>;
}

/** Done, or refused for what it means. */
const UNDERSTOOD = [200, 201, 202, 404, 409, 422];

const nameOf = ({ method, path }: Documented): string => `${method} ${path}`;

function canBeWrong({ operation }: Documented): boolean {
  const { parameters = [], requestBody, security } = operation;
  return parameters.length > 0 || requestBody !== undefined || security.length > 0;
}

/** Twelve of them, however they are grouped. */
function hasDigits(text: string): boolean {
  return /(?:\d[^\da-z]{0,3}){11}\d/i.test(text);
}
