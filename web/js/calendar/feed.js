// What the server says of a range, turned into EventCalendar's events.
import { words, write } from './page.js';
import { DAY_MS, MINUTE_MS, addDays, repeatAt, toMs, toWall } from './times.js';

export const SLOT_MINUTES = 30;
export const SLOT_PX = 34;

const px = (minutes) => `${Math.round((minutes / SLOT_MINUTES) * SLOT_PX)}px`;

/** The time as it is read; on the night when an hour comes twice, which of the two. */
function timeText(item, shifts) {
  const repeat = repeatAt(shifts, item.start);
  const span = write.span(item.start, item.end);
  if (!repeat) return span;
  return `${span} (${item.at.endsWith(repeat.before) ? words.first_of_two : words.second_of_two})`;
}

/** Half an hour is one line high. */
const SHORT_MS = 40 * 60 * 1000;
const lengthClass = (item) => (toMs(item.end) - toMs(item.start) < SHORT_MS ? 'short' : 'long');

const sessionEvent = (booking, shifts) => ({
  id: `session-${booking.id}`,
  start: booking.start,
  end: booking.end,
  resourceIds: [booking.therapist],
  title: booking.client.name,
  editable: booking.status === 'confirmed',
  className: ['session', booking.status, booking.first ? 'first' : 'known', lengthClass(booking)],
  style: [`--before:${px(booking.before)}`, `--after:${px(booking.after)}`],
  extendedProps: { kind: 'session', item: booking, time: timeText(booking, shifts) },
});

const offEvent = (off, shifts) => ({
  id: `off-${off.id}`,
  start: off.start,
  end: off.end,
  resourceIds: [off.therapist],
  title: words.off,
  editable: true,
  className: ['off', lengthClass(off)],
  extendedProps: { kind: 'off', item: off, time: timeText(off, shifts) },
});

const holdEvent = (hold, shifts) => ({
  id: `hold-${hold.therapist}-${hold.at}`,
  start: hold.start,
  end: hold.end,
  resourceIds: [hold.therapist],
  title: words.held,
  editable: false,
  className: ['held', lengthClass(hold)],
  extendedProps: { kind: 'held', item: hold, time: timeText(hold, shifts) },
});

/** What of each day lies outside the spans, as pairs of milliseconds. */
function outside(spans, from, to) {
  const sorted = spans.map((span) => [toMs(span.start), toMs(span.end)]).sort((a, b) => a[0] - b[0]);
  const gaps = [];
  for (let day = from; toMs(day) < toMs(to); day = addDays(day, 1)) {
    let at = toMs(day);
    const end = at + DAY_MS;
    for (const [opens, closes] of sorted) {
      if (closes <= at || opens >= end) continue;
      if (opens > at) gaps.push([at, opens]);
      at = Math.max(at, closes);
    }
    if (at < end) gaps.push([at, end]);
  }
  return gaps;
}

function closedEvents(hours, from, to, people, columns) {
  const shade = (spans, resourceIds, name) => outside(spans, from, to).map(([start, end]) => ({
    id: `closed-${name}-${start}`,
    start: toWall(start),
    end: toWall(end),
    display: 'background',
    className: ['closed'],
    extendedProps: { kind: 'closed' },
    ...(resourceIds ? { resourceIds } : {}),
  }));
  if (columns) return people.flatMap((id) => shade(hours.filter((span) => span.therapist === id), [id], id));
  return shade(hours.filter((span) => people.includes(span.therapist)), null, 'all');
}

/** The first quarter of an hour from `from` on at which somebody of `people` works and has the minutes
    free; '' where there is none in what was read. */
export function firstFree({ hours, bookings, holds, time_off: offs }, { from, minutes, people }) {
  const length = minutes * MINUTE_MS;
  const quarter = 15 * MINUTE_MS;
  const taken = [
    ...bookings.filter((booking) => booking.status !== 'cancelled').map((booking) => ({
      therapist: booking.therapist,
      start: toMs(booking.start) - booking.before * MINUTE_MS,
      end: toMs(booking.end) + booking.after * MINUTE_MS,
    })),
    ...[...holds, ...offs].map((item) => ({ therapist: item.therapist, start: toMs(item.start), end: toMs(item.end) })),
  ];
  const firsts = hours.filter((span) => people.includes(span.therapist)).map((span) => {
    const mine = taken.filter((item) => item.therapist === span.therapist);
    const end = toMs(span.end);
    for (let at = Math.ceil(Math.max(toMs(span.start), toMs(from)) / quarter) * quarter; at + length <= end; at += quarter) {
      if (!mine.some((item) => item.start < at + length && item.end > at)) return at;
    }
    return Infinity;
  });
  const first = Math.min(...firsts);
  return Number.isFinite(first) ? toWall(first) : '';
}

/** people: ids of those shown. columns: each has one. list: no shades. */
export function events(answer, { from, to, people, columns, list }) {
  const shown = (item) => people.includes(item.therapist) || (people.everyone && !columns);
  return [
    ...answer.bookings.filter(shown).map((booking) => sessionEvent(booking, answer.shifts)),
    ...answer.time_off.filter(shown).map((off) => offEvent(off, answer.shifts)),
    ...answer.holds.filter(shown).map((hold) => holdEvent(hold, answer.shifts)),
    ...(list ? [] : closedEvents(answer.hours, from, to, people, columns)),
  ];
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** What stands in an event's box: a button, where there is something to open. several: its therapist is
    not clear from where it stands. dated: its day is said to those who do not see the column. */
export function content({ id, extendedProps: { kind, item, time } }, { several, dated, open }) {
  if (!kind || kind === 'closed') return { domNodes: [] };
  const box = element(kind === 'held' ? 'div' : 'button', 'box', '');
  if (kind !== 'held') {
    box.type = 'button';
    box.dataset.key = id;
    box.addEventListener('click', () => open(kind, item));
  }
  if (dated) box.append(element('span', 'hide', `${write.day(item.start)} `));
  box.append(element('span', 'at', time));
  const who = element('span', 'who', kind === 'session' ? item.client.name : words[kind]);
  const mark = kind !== 'session' ? '' : item.status !== 'confirmed' ? words[item.status] : item.first ? words.first : '';
  const more = [several ? item.therapist_name : '', item.service, item.room, kind === 'off' ? item.note : ''].filter(Boolean).join(' · ');
  const what = element('span', 'what', '');
  if (mark) what.append(element('span', 'mark', mark), more ? ' · ' : '');
  what.append(more);
  box.append(' ', who, ' ', what);
  return { domNodes: [box] };
}
