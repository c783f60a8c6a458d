const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function timeOfDay(at: string): string {
  return clock.format(new Date(at));
}

export function dateTime(at: string): string {
  return calendar.format(new Date(at));
}
