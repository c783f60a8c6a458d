import { expect, test } from 'vitest';
import { traceparentOf } from './trace.js';

const begun = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/;

test.each([
  ['a card at its beginning', '4242424242424242abcdefabcdefabcd'],
  ['a card behind other digits', '7510510510510510076543210abcdef0'],
  ['a card twice', '42424242424242424242424242424242'],
  ['twelve digits of Maestro at its end', 'abcdefabcdefabcdefab501800000009'],
])('a trace that could hide %s is left behind, and another begun: %s', (_what, id) => {
  const kept = traceparentOf(`00-${id}-b7ad6b7169203331-00`);
  expect(kept).toMatch(begun);
  expect(kept).not.toContain(id);
});

test.each([
  ['digits of no scheme', '7000000000000005abcdefabcdefabcd'],
  ['a card with a letter in it', '42424242a42424242abcdefabcdefabc'],
  ['what is drawn', '0af7651916cd43dd8448eb211c80319c'],
])('a trace with %s goes on, under a span of our own: %s', (_what, id) => {
  const kept = traceparentOf(`00-${id}-b7ad6b7169203331-00`);
  expect(kept).toMatch(new RegExp(`^00-${id}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`));
});
