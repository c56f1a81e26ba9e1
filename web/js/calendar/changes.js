// Every change there is, each with its words and its way back. All are refused or kept whole by the
// server; afterwards the calendar is read again.
import { fill, send, therapistName, words, write } from './page.js';
import { tell } from './toast.js';

let reread = () => {};
/** What reads the calendar again after a change. */
export const afterChanges = (callback) => { reread = callback; };

async function change(path, body, say) {
  try {
    const answer = await send(path, body);
    return say(answer);
  } finally {
    reread();
  }
}

const about = (booking) => ({ client: booking.client.name, when: write.when(booking.start) });

/** to: {start, therapist?, minutes?} */
export const moveSession = (was, to) => change('move', { id: was.id, ...to }, ({ booking, passed }) => {
  const back = { id: was.id, start: was.at, therapist: was.therapist, minutes: was.minutes };
  if (booking.at === was.at && booking.until === was.until && booking.therapist === was.therapist) return;
  tell([fill(words.moved, about(booking)), ...passed],
    () => change('move', back, (answer) => fill(words.moved_back, about(answer.booking))));
});

export const bookSession = (request) => change('book', request, ({ booking, passed }) => {
  tell([fill(words.booked, about(booking)), ...passed],
    () => change('cancel', { id: booking.id }, () => words.undone_booking));
});

export const setStatus = (was, status) => change('status', { id: was.id, status }, ({ booking }) => {
  const said = (now) => fill(words[`${now.status}_said`], about(now));
  tell([said(booking)], () => change('status', { id: was.id, status: was.status }, (answer) => said(answer.booking)));
});

export const cancelSession = (was, reason) => change('cancel', { id: was.id, reason }, ({ booking }) => {
  tell([fill(words.cancelled_said, about(booking))]);
});

const addOff = (off, say) => change('time-off', { action: 'add', ...off }, say);
const removeOff = (id, say) => change('time-off', { action: 'remove', id }, say);

/** off: {therapist, start, end, note} */
export const addTimeOff = (off) => addOff(off, ({ time_off: now }) => {
  tell([fill(words.off_added, { name: therapistName(now.therapist), when: write.when(now.start) })],
    () => removeOff(now.id, () => words.off_removed));
});

/** to: {therapist, start, end, note?} */
export const moveTimeOff = (was, to) => change('time-off', { action: 'move', id: was.id, ...to }, ({ time_off: now }) => {
  const back = { action: 'move', id: was.id, therapist: was.therapist, start: was.at, end: was.until, note: was.note ?? '' };
  const said = (off) => fill(words.off_moved, { when: write.when(off.start) });
  tell([said(now)], () => change('time-off', back, (answer) => said(answer.time_off)));
});

export const removeTimeOff = (was) => removeOff(was.id, () => {
  tell([words.off_removed],
    () => addOff({ therapist: was.therapist, start: was.at, end: was.until, note: was.note }, () => words.off_back));
});
