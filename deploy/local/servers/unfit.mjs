/** Something about a server that a person has to change, and how. */
export class Unfit extends Error {
  constructor(found, mend) {
    super(found);
    this.mend = mend;
  }
}

const REASONS = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'breaks the connection off',
  ENOTFOUND: 'is no host that is known here',
  EAI_AGAIN: 'is no host that is known here',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  ABORT_ERR: 'does not answer in time',
  TimeoutError: 'does not answer in time',
};

/** Why nobody answered, in words that follow an address. */
export function reasonOf({ code, name, message }) {
  if (/timeout/i.test(message)) return REASONS.TimeoutError;
  return REASONS[code] ?? REASONS[name] ?? `fails: ${message}`;
}
