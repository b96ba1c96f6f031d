import { en } from '../messages/en.ts';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dateWithYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const longDate = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

const DAY_MS = 86_400_000;

const startOfDay = (moment: Date) =>
  new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
const daysAgo = (moment: Date, now: Date) => Math.round((startOfDay(now) - startOfDay(moment)) / DAY_MS);

export const clockTime = (iso: string) => time.format(new Date(iso));

/** For a list: the time today, the weekday this week, the date before. */
export function shortWhen(iso: string, now = new Date()): string {
  const moment = new Date(iso);
  const days = daysAgo(moment, now);
  if (days <= 0) return time.format(moment);
  return days < 7 ? weekday.format(moment) : date.format(moment);
}

/** For a divider between days. */
export function dayName(iso: string, now = new Date()): string {
  const moment = new Date(iso);
  const days = daysAgo(moment, now);
  if (days <= 0) return en.conversation.today;
  if (days === 1) return en.conversation.yesterday;
  return moment.getFullYear() === now.getFullYear() ? longDate.format(moment) : dateWithYear.format(moment);
}

export const isSameDay = (a: string, b: string) => startOfDay(new Date(a)) === startOfDay(new Date(b));

const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** To the second, for who wants to know exactly. */
export const longWhen = (iso: string) => moment.format(new Date(iso));
