// The staff's calendar. The page is a table of the week without this file; with it, sessions and time
// off are moved by hand, and what others do appears by itself.
import { Interaction, List, ResourceTimeGrid, TimeGrid, createCalendar } from '@event-calendar/core';
import { afterChanges, moveSession, moveTimeOff } from './calendar/changes.js';
import { openBooking, openOff, openSession, setShifts } from './calendar/dialogs.js';
import { SLOT_MINUTES, SLOT_PX, content, events, firstFree } from './calendar/feed.js';
import { listen } from './calendar/live.js';
import { byId, config, load, words, write } from './calendar/page.js';
import { MINUTE_MS, addDays, clockOf, dayOf, durationMs, toMs, toWall } from './calendar/times.js';
import { tellRefusal } from './calendar/toast.js';

const VIEWS = { day: 'timeGridDay', week: 'timeGridWeek', team: 'resourceTimeGridDay', list: 'listWeek' };
const narrow = matchMedia('(max-width: 48rem)');
const CLICK_MS = 80; // the click that ends a press comes within this
const hhmm = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/* What the person chose last, where the browser lets us keep it. */
const remember = (name, value) => {
  try {
    localStorage.setItem(`balm.calendar.${name}`, value);
  } catch { /* then not */ }
};
const remembered = (name) => {
  try {
    return localStorage.getItem(`balm.calendar.${name}`) ?? '';
  } catch {
    return '';
  }
};

const who = byId('calendar-who');
const viewButtons = [...document.querySelectorAll('[data-view]')];
let calendar = null;
const loaded = Date.now();
let answered = null; // what was read last
const state = { view: '', day: config.day, person: '', busy: false, dragged: false, waiting: false, focused: '' };

function firstView() {
  const kept = remembered('view');
  const known = viewButtons.some((button) => button.dataset.view === kept);
  if (narrow.matches) return known && kept !== 'week' ? kept : 'list';
  return known ? kept : 'week';
}

const kept = remembered('person');
if (who && config.therapists.some((person) => person.id === kept)) state.person = kept;
if (who) who.value = state.person;
state.view = firstView();

const inColumns = () => state.view === 'team';

function people() {
  const everyone = inColumns() || !state.person;
  const ids = everyone ? config.therapists.map((person) => person.id) : [state.person];
  ids.everyone = everyone;
  return ids;
}

/* ---- reading ---- */

const offsetOf = (instant) => instant.slice(-6);

async function read({ startStr, endStr }) {
  const from = dayOf(startStr);
  const to = toMs(endStr) > toMs(from) ? addDays(endStr, clockOf(endStr) > '00:00' ? 1 : 0) : addDays(from, 1);
  try {
    const answer = await load('events', { from, to });
    setShifts(answer.shifts);
    answered = answer;
    if (offsetOf(answer.now) !== calendar?.getOption('timeZone')) calendar?.setOption('timeZone', offsetOf(answer.now));
    note('');
    return events(answer, { from, to, people: people(), columns: inColumns(), list: state.view === 'list' });
  } catch (error) {
    note(error.message);
    throw error;
  }
}

function note(text) {
  byId('calendar-note').textContent = text;
  byId('calendar-note').hidden = !text;
}

/** Reads again, but never under somebody's hand. */
function refresh() {
  if (state.busy) state.waiting = true;
  else calendar.refetchEvents();
}

function handDown() {
  state.busy = true;
}

/* After the click that ends a press: what it opens must still be there. */
function handUp() {
  setTimeout(() => {
    state.busy = false;
    state.dragged = false;
    if (!state.waiting) return;
    state.waiting = false;
    refresh();
  }, CLICK_MS);
}

/* ---- dragging ---- */

async function dropped({ event, delta, newResource, revert }) {
  const { kind, item } = event.extendedProps;
  const therapist = newResource?.id ?? item.therapist;
  const start = toWall(toMs(item.start) + durationMs(delta));
  try {
    if (kind === 'off') await moveTimeOff(item, { therapist, start, end: toWall(toMs(item.end) + durationMs(delta)) });
    else await moveSession(item, { start, therapist, minutes: item.minutes });
  } catch (error) {
    revert();
    tellRefusal(error);
  }
}

async function resized({ event, endDelta, revert }) {
  const { kind, item } = event.extendedProps;
  try {
    if (kind === 'off') {
      await moveTimeOff(item, { therapist: item.therapist, start: item.at, end: toWall(toMs(item.end) + durationMs(endDelta)) });
    } else {
      await moveSession(item, { start: item.at, therapist: item.therapist, minutes: item.minutes + durationMs(endDelta) / MINUTE_MS });
    }
  } catch (error) {
    revert();
    tellRefusal(error);
  }
}

/** What a click opens; the click that ends a drag opens nothing. */
function open(kind, item) {
  if (state.dragged) return;
  if (kind === 'session') openSession(item);
  else openOff(item);
}

/* ---- for those who do not use a mouse ---- */

const grid = byId('calendar-grid');

/** Reading again makes new boxes: who stood on one stays on it. */
function keepFocus() {
  if (!state.focused || document.activeElement !== document.body) return;
  grid.querySelector(`[data-key="${CSS.escape(state.focused)}"]`)?.focus({ preventScroll: true });
}
document.addEventListener('focusin', ({ target }) => {
  if (grid.contains(target)) state.focused = target.dataset.key ?? '';
  else if (!target.closest('dialog, #calendar-toast')) state.focused = '';
});

/** EventCalendar calls its grid a table, which it is not quite: boxes that say their own day and time
    are told better without it. Its headings of days come straight below the page's. */
function plainRoles() {
  const root = grid.querySelector('.ec');
  if (!root) return;
  const role = root.querySelector('[role="listitem"]') ? 'list' : 'group'; // an empty list is none
  if (root.getAttribute('role') !== role) root.setAttribute('role', role);
  root.setAttribute('aria-labelledby', 'calendar-title');
  for (const part of root.querySelectorAll('[role="rowgroup"], [role="row"], [role="columnheader"], [role="cell"]')) part.removeAttribute('role');
  for (const part of root.querySelectorAll('[aria-colindex], [aria-colspan], [aria-rowindex], [aria-rowspan]')) {
    for (const name of ['aria-colindex', 'aria-colspan', 'aria-rowindex', 'aria-rowspan']) part.removeAttribute(name);
  }
  for (const heading of root.querySelectorAll('h4:not([aria-level])')) heading.setAttribute('aria-level', '2');
}
grid.addEventListener('pointerdown', handDown);
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, handUp);
new MutationObserver(plainRoles).observe(grid, { childList: true, subtree: true, attributes: true, attributeFilter: ['role'] });

/* ---- the calendar ---- */

calendar = createCalendar(grid, [TimeGrid, ResourceTimeGrid, List, Interaction], {
  view: VIEWS[state.view],
  date: state.day,
  locale: config.locale,
  firstDay: config.week_start,
  timeZone: offsetOf(config.now),
  headerToolbar: { start: '', center: '', end: '' },
  height: 'auto',
  allDaySlot: false,
  slotDuration: hhmm(SLOT_MINUTES),
  slotHeight: SLOT_PX,
  slotLabelInterval: '01:00',
  slotMinTime: config.day_from,
  slotMaxTime: config.day_to,
  flexibleSlotTimeLimits: { eventFilter: (event) => event.display !== 'background' },
  snapDuration: hhmm(Math.min(config.step, SLOT_MINUTES)),
  slotEventOverlap: false,
  columnWidth: 'minmax(9rem, 1fr)',
  slotLabelFormat: { hour: 'numeric', minute: '2-digit' },
  dayHeaderFormat: { weekday: 'short', day: 'numeric' },
  listDayFormat: { weekday: 'long', day: 'numeric', month: 'long' },
  listDaySideFormat: () => '',
  nowIndicator: true,
  selectable: true,
  selectMinDistance: 8,
  eventStartEditable: true,
  eventDurationEditable: true,
  longPressDelay: 400,
  lazyFetching: false,
  resources: config.therapists.map(({ id, name }) => ({ id, title: name })),
  noEventsContent: words.empty,
  views: {
    timeGridDay: { dayHeaderFormat: { weekday: 'long', day: 'numeric', month: 'long' } },
    listWeek: { columnWidth: undefined },
  },
  eventSources: [{ events: read }],
  eventContent: ({ event }) => content(event, {
    several: config.therapists.length > 1 && !inColumns() && !state.person,
    dated: state.view !== 'list',
    open,
  }),
  eventAllUpdated: keepFocus,
  eventDrop: dropped,
  eventResize: resized,
  eventDragStart: () => { state.dragged = true; },
  eventResizeStart: () => { state.dragged = true; },
  dateClick: ({ dateStr, resource }) => openBooking({ start: dateStr.slice(0, 16), therapist: resource?.id ?? state.person }),
  select: ({ startStr, endStr, resource }) => {
    openBooking({ start: startStr.slice(0, 16), minutes: (toMs(endStr) - toMs(startStr)) / MINUTE_MS, therapist: resource?.id ?? state.person });
    calendar.unselect();
  },
  datesSet: ({ startStr, endStr }) => {
    const first = dayOf(startStr);
    const last = addDays(dayOf(endStr), -1);
    byId('calendar-title').textContent = write.range(first, toMs(last) < toMs(first) ? first : last);
    if (toMs(state.day) < toMs(first) || toMs(state.day) > toMs(last)) state.day = first;
    const today = state.day === config.today;
    history.replaceState(null, '', today ? location.pathname : `?day=${state.day}`);
  },
});

function show(view) {
  state.view = view;
  remember('view', view);
  for (const button of viewButtons) button.setAttribute('aria-pressed', String(button.dataset.view === view));
  const one = view === 'day' || view === 'team';
  byId('calendar-before-name').textContent = one ? words.day_before : words.week_before;
  byId('calendar-after-name').textContent = one ? words.day_after : words.week_after;
  if (who) who.parentElement.hidden = view === 'team';
  calendar.setOption('view', VIEWS[view]);
  calendar.refetchEvents(); // the same days may look different in it
}

function turn(days) {
  const step = state.view === 'day' || state.view === 'team' ? 1 : 7;
  state.day = addDays(state.day, days * step);
  calendar.setOption('date', state.day);
}

/** Of the session that the form offers first. */
const usualMinutes = () => config.services.find((service) => !state.person || service.therapists.includes(state.person))?.minutes ?? 60;

/** A sensible start for a button that names none: the next time with room for it, from now or from the
    day shown, else the morning. */
function nextStart(minutes) {
  const wall = toWall(toMs(config.now.slice(0, 16)) + Math.max(0, Date.now() - loaded));
  const from = dayOf(wall) >= state.day ? wall : `${state.day}T00:00`;
  const free = answered && firstFree(answered, { from, minutes, people: people() });
  if (free) return free;
  if (dayOf(wall) !== state.day) return `${state.day}T${config.day_from < '09:00' ? '09:00' : config.day_from}`;
  return toWall(Math.ceil(toMs(wall) / (15 * MINUTE_MS)) * 15 * MINUTE_MS);
}

byId('calendar-before').addEventListener('click', (event) => {
  event.preventDefault();
  turn(-1);
});
byId('calendar-after').addEventListener('click', (event) => {
  event.preventDefault();
  turn(1);
});
byId('calendar-today').addEventListener('click', (event) => {
  event.preventDefault();
  state.day = config.today;
  calendar.setOption('date', state.day);
});
for (const button of viewButtons) button.addEventListener('click', () => show(button.dataset.view));
who?.addEventListener('change', () => {
  state.person = who.value;
  remember('person', who.value);
  calendar.refetchEvents();
});
byId('calendar-book').addEventListener('click', () => openBooking({ start: nextStart(usualMinutes()), therapist: state.person }));
byId('calendar-off').addEventListener('click', () => {
  const start = nextStart(60);
  openOff({ start, end: toWall(toMs(start) + 60 * MINUTE_MS), therapist: state.person });
});
narrow.addEventListener('change', () => {
  if (narrow.matches && state.view === 'week') show('list');
});

byId('calendar-plain').hidden = true;
grid.hidden = false;
byId('calendar-tools').hidden = false;
byId('calendar-title').tabIndex = -1;
show(state.view);
afterChanges(refresh);
listen(refresh, (good) => note(good ? '' : words.stale));
