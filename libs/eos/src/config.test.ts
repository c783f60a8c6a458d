import { expect, it } from 'vitest';
import { guardsOff } from './config.js';
import { BugError } from './verdicts.js';

const told: string[] = [];
const say = (_: object, message: string): void => void told.push(message);
const log = { info: () => undefined, warn: say, error: () => undefined };

it('no guard is off unless it is named, and nothing is said of it', () => {
  expect(guardsOff(log, {})).toEqual([]);
  expect(guardsOff(log, { GUARDS_OFF: '' })).toEqual([]);
  expect(told).toEqual([]);
});

it('those that are off are said aloud', () => {
  const env = { GUARDS_OFF: 'one-identity,look-after-unknown' };
  expect(guardsOff(log, env)).toEqual(['one-identity', 'look-after-unknown']);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^GUARDS ARE OFF: one-identity, look-after-unknown: RECORDS WILL BE LOST/,
  );
});

it.each([
  [{ GUARDS_OFF: 'one-identity', NODE_ENV: 'production' }, 'and this is production'],
  [{ GUARDS_OFF: 'one-identity', RUN_MODE: 'production' }, 'and this is production'],
  [{ GUARDS_OFF: 'one-idenity' }, 'there is no guard one-idenity; there are one-transaction'],
])('%o is refused', (env, why) => {
  expect(() => guardsOff(log, env)).toThrow(BugError);
  expect(() => guardsOff(log, env)).toThrow(why);
});
