const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function timeOfDay(at: string): string {
  return clock.format(new Date(at));
}

export function dateTime(at: string): string {
  return calendar.format(new Date(at));
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const relative = new Intl.RelativeTimeFormat('en');

/** `12 minutes ago`, in whole units: never more than has passed. The clocks may differ a little. */
export function ago(at: string, nowMs: number): string {
  const passed = nowMs - Date.parse(at);
  if (passed < MINUTE_MS) return 'just now';
  if (passed < HOUR_MS) return relative.format(-Math.floor(passed / MINUTE_MS), 'minute');
  if (passed < DAY_MS) return relative.format(-Math.floor(passed / HOUR_MS), 'hour');
  return relative.format(-Math.floor(passed / DAY_MS), 'day');
}
