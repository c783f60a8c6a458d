import { eventAbout, mac, SECRET, signed } from '../webhook-door.js';
import { type BadWebhook, NOT_OURS, refused, strange, taken, type World } from './request.js';

const MINUTES_5 = 300_000;
const secondsOf = ({ now }: World): number => Math.floor(now / 1000);

/** Who says it, and when. */
export const badSignatures: readonly BadWebhook[] = [
  {
    number: 'B50',
    name: 'no signature',
    because: 'whoever knows the address could say that an order is paid',
    requests: [
      refused(
        'none',
        strange(() => null),
        /missing/,
      ),
      refused(
        'an empty one',
        strange(() => ''),
        /not match/,
      ),
      refused(
        'one of nonsense',
        strange(() => 'v1'),
        /not match/,
      ),
    ],
  },
  {
    number: 'B51',
    name: 'a signature by another secret',
    because: 'only the gateway and we know ours',
    requests: [
      refused(
        'a longer one',
        strange((body, { now }) => signed(body, now, `${SECRET}x`)),
        /match/,
      ),
    ],
  },
  {
    number: 'B52',
    name: 'a body that differs by one byte from the signed one',
    because: 'it is not what the gateway said',
    requests: [
      refused(
        'one cent more',
        ({ approval, now }) => {
          const body = JSON.stringify(eventAbout(approval));
          const signature = signed(body, now);
          return { body: body.replace('"amount":4200', '"amount":4201'), signature };
        },
        /not match/,
      ),
    ],
  },
  {
    number: 'B53',
    name: 'a body that was parsed and written again',
    because: 'bytes are signed, and not what they mean',
    requests: [
      refused(
        'without its white space',
        ({ approval, now }) => {
          const body = JSON.stringify(eventAbout(approval), null, 2);
          return { body: JSON.stringify(JSON.parse(body)), signature: signed(body, now) };
        },
        /not match/,
      ),
    ],
  },
  {
    number: 'B54',
    name: 'a signature that is too old',
    because: 'what was overheard must not be said again later',
    requests: [
      refused(
        'of 301 s ago',
        strange((body, { now }) => signed(body, now - MINUTES_5 - 1_000)),
        /too old/,
      ),
      taken(
        'of 299 s ago',
        strange((body, { now }) => signed(body, now - MINUTES_5 + 1_000)),
        'the way may be long, and clocks differ',
      ),
    ],
  },
  {
    number: 'B55',
    name: 'a signature of the future',
    because: 'it could be kept until then',
    requests: [
      refused(
        'of 302 s from now',
        strange((body, { now }) => signed(body, now + MINUTES_5 + 2_000)),
        /future/,
      ),
      refused(
        'of the far future, beside a good one',
        strange((body, { now }) => `${signed(body, now)},t=99999999999`),
        /future/,
      ),
      taken(
        'of 4 minutes from now',
        strange((body, { now }) => signed(body, now + 240_000)),
        'clocks differ',
      ),
    ],
  },
  {
    number: 'B56',
    name: 'two signatures, one of them right',
    because: 'secrets are rolled over, and both are in use meanwhile',
    requests: [
      {
        what: 'the first by the secret before',
        send: strange((body, world) => {
          const at = secondsOf(world);
          return `t=${at},v1=${mac(body, at, 'whsec_old')},v1=${mac(body, at)}`;
        }),
        answer: NOT_OURS,
      },
    ],
  },
  {
    number: 'B57',
    name: 'a signature of another scheme only',
    because: 'the gateway signs its tests with v0',
    requests: [
      refused(
        'a right one, called v0',
        strange((body, { now }) => signed(body, now).replace('v1=', 'v0=')),
        /not match/,
      ),
    ],
  },
  {
    number: 'B58',
    name: 'ten thousand signatures',
    because: 'each would be compared, and who sends so many wants our time',
    requests: [
      refused(
        'behind a right one',
        strange((body, { now }) => {
          const many = Array.from({ length: 10_000 }, () => `v1=${'0'.repeat(64)}`).join(',');
          return `${signed(body, now)},${many}`;
        }),
        /too long/,
      ),
    ],
  },
];
