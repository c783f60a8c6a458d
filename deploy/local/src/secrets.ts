/**
 * What only this installation knows: drawn at the first start, kept in secrets.json (0600), new on
 * `--fresh`. Passwords are letters and digits, so that they stand in a URL and in SQL without
 * quoting.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Roles of the database server: one per service, the two of Connect, the judge's, which reads
 * everything and changes nothing, and the administrator.
 */
export const roles = [
  'postgres',
  'orders',
  'payments',
  'ledger',
  'gateway',
  'connect',
  'ledger_sink',
  'auditor',
] as const;
export type Role = (typeof roles)[number];

export interface Secrets {
  /** Signs the customers' session tokens. */
  readonly sessionSecret: string;
  /** Signs the gateway's calls to us. */
  readonly webhookSecret: string;
  readonly passwords: Readonly<Record<Role, string>>;
}

/** A secret that an older installation does not have yet is drawn and added. */
export function loadSecrets(file: string): Secrets {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const drawn = Object.fromEntries(roles.map((role) => [role, draw()])) as Record<Role, string>;
  const secrets: Secrets = {
    sessionSecret: draw(),
    webhookSecret: `whsec_${draw()}`,
    ...kept,
    passwords: { ...drawn, ...kept.passwords },
  };
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function draw(): string {
  return randomBytes(24).toString('hex');
}
