// Wall times of the practice as text ("2026-03-09T09:00"). The browser's own zone never matters:
// arithmetic is done as if the wall clock were UTC, and only the server turns it into instants.
export const MINUTE_MS = 60000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Milliseconds on a clock without a zone. */
export const toMs = (wall) => Date.parse(`${wall.length > 10 ? wall.slice(0, 16) : `${wall}T00:00`}:00Z`);
export const toWall = (ms) => new Date(ms).toISOString().slice(0, 16);
export const dayOf = (wall) => wall.slice(0, 10);
export const clockOf = (wall) => wall.slice(11, 16);
export const addDays = (day, count) => dayOf(toWall(toMs(day) + count * DAY_MS));
export const durationMs = (duration) => ((duration.days ?? 0) * 86400 + (duration.seconds ?? 0)) * 1000;

/** Days and times as people of that locale write them. */
export function writer(locale) {
  const make = (options) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const time = make({ hour: 'numeric', minute: '2-digit' });
  const moment = make({ weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' });
  const day = make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const weekday = make({ weekday: 'long', day: 'numeric', month: 'long' });
  const days = make({ day: 'numeric', month: 'long', year: 'numeric' });
  const daysShort = make({ day: 'numeric', month: 'short', year: 'numeric' });
  const plain = (text) => (locale === 'en-GB' ? text.replace(', ', ' ') : text);
  const capital = (text) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  return {
    time: (wall) => time.format(toMs(wall)),
    span: (from, to) => `${time.format(toMs(from))}–${time.format(toMs(to))}`,
    day: (wall) => plain(weekday.format(toMs(wall))),
    when: (wall) => plain(moment.format(toMs(wall))),
    range: (first, last) => {
      if (first === last) return capital(plain(day.format(toMs(first))));
      const one = first.slice(0, 7) === last.slice(0, 7);
      return capital((one ? days : daysShort).formatRange(toMs(first), toMs(last)));
    },
  };
}

/** The hour that comes twice, where the wall time lies in it. */
export const repeatAt = (shifts, wall) =>
  shifts.find((shift) => shift.kind === 'repeats' && toMs(wall) >= toMs(shift.from) && toMs(wall) < toMs(shift.to));
