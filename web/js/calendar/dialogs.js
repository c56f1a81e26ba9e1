// Everything that can be done by dragging, and what cannot, as forms: for the keyboard, for phones, for
// exact times.
import { addTimeOff, bookSession, cancelSession, moveSession, moveTimeOff, removeTimeOff, setStatus } from './changes.js';
import { byId, config, fill, load, Refusal, words, write } from './page.js';
import { MINUTE_MS, clockOf, dayOf, repeatAt, toMs, toWall } from './times.js';

const SEARCH_MS = 200;
let shifts = [];
/** Hours that the clocks repeat, in what is shown. */
export const setShifts = (list) => { shifts = list; };

const open = (dialog) => {
  for (const problem of dialog.querySelectorAll('[role="alert"]')) problem.hidden = true;
  for (const field of dialog.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  if (!dialog.open) dialog.showModal();
};

for (const dialog of document.querySelectorAll('.calendar-dialog')) {
  for (const button of dialog.querySelectorAll('[data-close]')) button.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** Runs a change for a form: closes it when done, else shows in it what is wrong. */
async function submit(dialog, problem, work, fields = {}) {
  const button = dialog.querySelector('form .btn:not([type="button"])');
  button.disabled = true;
  for (const field of dialog.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  try {
    await work();
    dialog.close();
  } catch (error) {
    const box = byId(problem);
    box.firstElementChild.textContent = error instanceof Refusal ? error.message : words.failed;
    box.hidden = false;
    for (const { field } of error.errors ?? []) {
      if (fields[field]) byId(fields[field]).setAttribute('aria-invalid', 'true');
    }
    box.scrollIntoView({ block: 'nearest' });
  } finally {
    button.disabled = false;
  }
}

/* ---- a day and a time, and which of two where the hour comes twice ---- */

function timeFields(prefix) {
  const day = byId(`${prefix}-day`);
  const time = byId(`${prefix}-time`);
  const box = byId(`${prefix}-twice`);
  const which = byId(`${prefix}-which`);
  const show = (at) => {
    const repeat = day.value && time.value ? repeatAt(shifts, `${day.value}T${time.value}`) : null;
    box.hidden = !repeat;
    if (!repeat) return;
    which.replaceChildren(new Option(words.first_of_two, repeat.before), new Option(words.second_of_two, repeat.after));
    if (at?.endsWith(repeat.after)) which.value = repeat.after;
  };
  day.addEventListener('change', () => show());
  time.addEventListener('change', () => show());
  return {
    set: (wall, at) => {
      day.value = dayOf(wall);
      time.value = clockOf(wall);
      show(at);
    },
    get: () => {
      const wall = `${day.value}T${time.value}`;
      return box.hidden ? wall : `${wall}:00${which.value}`;
    },
  };
}

/** Selects the value; someone who is no longer there gets a line of their own. */
function choose(select, value, label) {
  for (const old of select.querySelectorAll('[data-left]')) old.remove();
  if (![...select.options].some((option) => option.value === value)) {
    const left = new Option(label, value);
    left.dataset.left = '';
    select.add(left);
  }
  select.value = value;
}

/* ---- a session ---- */

const session = byId('session-dialog');
const sessionTime = timeFields('session');
let shown = null;

function contact(link, value, url) {
  link.hidden = !value;
  link.textContent = value;
  if (value) link.href = url;
}

export function openSession(booking) {
  shown = booking;
  byId('session-name').textContent = booking.client.name;
  byId('session-what').textContent = [write.when(booking.start), fill(words.minutes, { minutes: booking.minutes }), booking.service, booking.room].filter(Boolean).join(' · ');
  byId('session-state').textContent = booking.status === 'confirmed' && booking.first ? words.first : words[booking.status];
  contact(byId('session-phone'), booking.client.phone, `tel:${booking.client.phone.replace(/[^+\d]/g, '')}`);
  contact(byId('session-email'), booking.client.email, `mailto:${booking.client.email}`);
  byId('session-note').hidden = !booking.note;
  byId('session-note').textContent = booking.note;
  sessionTime.set(booking.start, booking.at);
  byId('session-minutes').value = booking.minutes;
  choose(byId('session-therapist'), booking.therapist, booking.therapist_name);
  const open_ = booking.status === 'confirmed';
  byId('session-when').disabled = !open_;
  byId('session-save').hidden = !open_;
  byId('session-cancel').hidden = !open_;
  byId('session-link').href = `/staff/bookings/${booking.number}`;
  for (const button of session.querySelectorAll('[data-status]')) button.hidden = button.dataset.status === booking.status;
  open(session);
}

byId('session-form').addEventListener('submit', (event) => {
  event.preventDefault();
  submit(session, 'session-problem', () => moveSession(shown, {
    start: sessionTime.get(),
    therapist: byId('session-therapist').value,
    minutes: Number(byId('session-minutes').value),
  }));
});

for (const button of session.querySelectorAll('[data-status]')) {
  button.addEventListener('click', () => submit(session, 'session-problem', () => setStatus(shown, button.dataset.status)));
}

/* ---- cancelling ---- */

const cancel = byId('cancel-dialog');
byId('session-cancel').addEventListener('click', () => {
  session.close();
  byId('cancel-what').textContent = `${shown.client.name}, ${write.when(shown.start)}`;
  byId('cancel-reason').value = '';
  open(cancel);
});
byId('cancel-form').addEventListener('submit', (event) => {
  event.preventDefault();
  submit(cancel, 'cancel-problem', () => cancelSession(shown, byId('cancel-reason').value));
});

/* ---- a new session ---- */

const book = byId('book-dialog');
const bookTime = timeFields('book');
let client = null; // {id, name, ...}, or 'new'
let lengthTyped = false;

function showClient() {
  byId('book-find').hidden = client !== null;
  byId('book-chosen').hidden = !client || client === 'new';
  byId('book-new').hidden = client !== 'new';
  for (const id of ['book-client-name', 'book-client-email']) byId(id).required = client === 'new';
  if (client && client !== 'new') {
    byId('book-client').textContent = client.name;
    byId('book-contact').textContent = [client.email, client.phone].filter(Boolean).join(' · ');
  }
}

function findAgain() {
  client = null;
  showClient();
  byId('book-query').focus();
}

let searchTimer = 0;
let searched = 0;
async function search() {
  const query = byId('book-query').value.trim();
  const mine = ++searched;
  const results = byId('book-results');
  if (!query) {
    results.replaceChildren();
    byId('book-found').textContent = '';
    return;
  }
  let found;
  try {
    found = (await load('clients', { q: query })).clients;
  } catch (error) {
    byId('book-found').textContent = error.message;
    return;
  }
  if (mine !== searched) return;
  byId('book-found').textContent = found.length ? fill(words.found, { count: found.length }) : words.no_clients;
  results.replaceChildren(...found.map((one) => {
    const line = document.createElement('li');
    const button = document.createElement('button');
    const name = document.createElement('b');
    const more = document.createElement('span');
    button.type = 'button';
    name.textContent = one.name;
    more.textContent = [one.email, one.phone].filter(Boolean).join(' · ');
    button.append(name, more);
    button.addEventListener('click', () => {
      client = one;
      showClient();
      byId('book-service').focus();
    });
    line.append(button);
    return line;
  }));
}
byId('book-query').addEventListener('input', () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(search, SEARCH_MS);
});
byId('book-query').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') event.preventDefault();
});
byId('book-unknown').addEventListener('click', () => {
  const typed = byId('book-query').value.trim();
  client = 'new';
  showClient();
  byId(typed.includes('@') ? 'book-client-email' : 'book-client-name').value = /^[+\d ()-]+$/.test(typed) ? '' : typed;
  byId('book-client-name').focus();
});
byId('book-known').addEventListener('click', findAgain);
byId('book-other').addEventListener('click', findAgain);

const serviceChosen = () => config.services.find((service) => service.id === byId('book-service').value);
byId('book-service').addEventListener('change', () => {
  if (!lengthTyped) byId('book-minutes').value = serviceChosen()?.minutes ?? 60;
});
byId('book-minutes').addEventListener('input', () => { lengthTyped = true; });

/** start: wall time; minutes: 0 where only a start was chosen. */
export function openBooking({ start, minutes = 0, therapist = '' }) {
  byId('book-form').reset();
  client = null;
  showClient();
  search();
  bookTime.set(start);
  lengthTyped = minutes > 0;
  const gives = config.services.find((service) => !therapist || service.therapists.includes(therapist));
  if (gives) byId('book-service').value = gives.id;
  byId('book-minutes').value = minutes || serviceChosen()?.minutes || 60;
  choose(byId('book-therapist'), therapist || (config.therapists.length === 1 ? config.therapists[0].id : ''), '');
  open(book);
  byId('book-query').focus();
}

byId('book-form').addEventListener('submit', (event) => {
  event.preventDefault();
  submit(book, 'book-problem', () => {
    if (!client) throw new Refusal(words.choose_client, [{ field: 'client' }]);
    const therapist = byId('book-therapist').value;
    return bookSession({
      service: byId('book-service').value,
      start: bookTime.get(),
      minutes: Number(byId('book-minutes').value),
      note: byId('book-note').value,
      ...(therapist ? { therapist } : {}),
      client: client === 'new'
        ? { name: byId('book-client-name').value, email: byId('book-client-email').value, phone: byId('book-client-phone').value }
        : { id: client.id },
    });
  }, {
    client: 'book-query',
    'client.name': 'book-client-name',
    'client.email': 'book-client-email',
    'client.phone': 'book-client-phone',
  });
});

byId('book-to-off').addEventListener('click', () => {
  const start = `${byId('book-day').value}T${byId('book-time').value}`;
  book.close();
  openOff({ start, end: toWall(toMs(start) + Number(byId('book-minutes').value) * MINUTE_MS), therapist: byId('book-therapist').value });
});

/* ---- time off ---- */

const off = byId('off-dialog');
let shownOff = null; // has an id where it stands in the calendar already

export function openOff(span) {
  shownOff = span;
  const known = Boolean(span.id);
  byId('off-form').reset();
  choose(byId('off-therapist'), span.therapist || config.therapists[0].id, span.therapist_name ?? '');
  byId('off-from-day').value = dayOf(span.start);
  byId('off-from-time').value = clockOf(span.start);
  byId('off-to-day').value = dayOf(span.end);
  byId('off-to-time').value = clockOf(span.end);
  byId('off-note').value = span.note ?? '';
  byId('off-remove').hidden = !known;
  open(off);
}

byId('off-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const to = {
    therapist: byId('off-therapist').value,
    start: `${byId('off-from-day').value}T${byId('off-from-time').value}`,
    end: `${byId('off-to-day').value}T${byId('off-to-time').value}`,
    note: byId('off-note').value,
  };
  submit(off, 'off-problem', () => (shownOff.id ? moveTimeOff(shownOff, to) : addTimeOff(to)));
});
byId('off-remove').addEventListener('click', () => submit(off, 'off-problem', () => removeTimeOff(shownOff)));
