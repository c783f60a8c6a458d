/**
 * For each guard of the engine: a whole shop without it, the misfortune that it is there for, and
 * what the judge says then; and the same orders and misfortune in a shop that has all guards.
 *
 * Not promised: that these guards are enough. That the loss of each is seen is what is shown.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../random.js';
import { Vacuous, type Misfortune } from './misfortunes.js';
import { play, type Played } from './play.js';
import { ProxiedShop, type Starting } from './proxied-shop.js';
import { lossOf, type Loss, type Shown } from './table.js';
import { differences, exampleOf, faults, redOf } from './verdict.js';

export interface ShowOptions {
  readonly names: readonly Shown[];
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly starting?: Starting;
}

/** True when the judge has seen the loss of each, and all held with them. */
export async function show(options: ShowOptions): Promise<boolean> {
  const { names, seed, say } = options;
  const wrong: string[] = [];
  const count = (name: Shown, found: readonly string[]): number => {
    wrong.push(...found.map((fault) => `${name}: ${fault}`));
    return found.length === 0 ? 1 : 0;
  };
  let seen = 0;
  for (const name of names) {
    await withClient(lossOf(name), (client) =>
      inShop({ GUARDS_OFF: name, ...client }, options, async (shop) => {
        const isSeen = count(name, await playedWithout(name, shop, options));
        seen += isSeen;
        return isSeen === 1;
      }),
    );
  }
  let held = 0;
  await inShop({}, options, async (shop) => {
    for (const name of names) held += count(name, await playedWith(name, shop, options));
    return held === names.length;
  });
  const counts = `${names.length} taken away, ${seen} seen by the judge, ${held} held again`;
  const word = wrong.length === 0 ? 'SHOWN' : 'NOT SHOWN';
  say([`GUARDS ${word} seed=${seed}: ${counts}`, ...wrong].join('; '));
  return wrong.length === 0;
}

/** What is otherwise than the loss of the guard must make it. */
async function playedWithout(
  name: Shown,
  shop: ProxiedShop,
  { seed, say }: ShowOptions,
): Promise<readonly string[]> {
  const loss = lossOf(name);
  say(`without ${name}: ${loss.instead}`);
  const played = await struck(shop, loss.misfortune, new Random(seed, name));
  if ('failure' in played) return [played.failure];
  say(`  what struck: ${played.struck}`);
  say(`  the judge: ${redOf(played.verdict)}`);
  say(`  ${exampleOf(played.verdict, loss)}`);
  return differences(played.verdict, loss);
}

async function playedWith(
  name: Shown,
  shop: ProxiedShop,
  { seed, say }: ShowOptions,
): Promise<readonly string[]> {
  const loss = lossOf(name);
  const started = await withClient(loss, (client) => startsUnpatched(shop, client));
  const played = await struck(shop, loss.misfortune, new Random(seed, name));
  if ('failure' in played) return [played.failure];
  say(`with ${name}: ${redOf(played.verdict)}`);
  say(`  what struck: ${played.struck}`);
  if (loss.client) say(`  and on that kafkajs it ${started ? 'starts' : 'refuses to start'}`);
  return [...(started ? ['it starts on an unpatched kafkajs'] : []), ...faults(played.verdict)];
}

/** Whoever has all guards does not. */
async function startsUnpatched(shop: ProxiedShop, client: Environment): Promise<boolean> {
  if (Object.keys(client).length === 0) return false;
  return !/kafkajs is not patched/.test(await shop.refused(client));
}

/** A misfortune whose moment did not come has shown nothing. */
async function struck(
  shop: ProxiedShop,
  misfortune: Misfortune,
  random: Random,
): Promise<Played | { readonly failure: string }> {
  try {
    return await play(shop, misfortune, random);
  } catch (error) {
    const { message, cause } = error as Error;
    const word = error instanceof Vacuous ? 'VACUOUS' : 'FAILED';
    return { failure: `${word}, ${message}${cause instanceof Error ? ` (${cause.message})` : ''}` };
  }
}

type Environment = Readonly<Record<string, string>>;

async function withClient<T>(loss: Loss, work: (client: Environment) => Promise<T>): Promise<T> {
  const client = loss.client?.();
  try {
    return await work(client ? { NODE_OPTIONS: client.flags.join(' ') } : {});
  } finally {
    client?.remove();
  }
}

/** Its folder is kept when something was wrong. */
async function inShop(
  enrichment: Environment,
  { say, starting }: ShowOptions,
  work: (shop: ProxiedShop) => Promise<boolean>,
): Promise<void> {
  const runDir = mkdtempSync(join(tmpdir(), 'checkout-guards-'));
  chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
  const shop = await ProxiedShop.open({ runDir, enrichment, ...(starting && { starting }) });
  let isWell = false;
  try {
    isWell = await work(shop);
  } finally {
    await shop.close();
  }
  if (isWell) rmSync(runDir, { recursive: true });
  else say(`  logs and data: ${runDir}`);
}
