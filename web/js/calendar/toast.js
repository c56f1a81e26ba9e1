// What was done, what was passed over, and the way back.
import { byId, words } from './page.js';

const SHOWN_MS = 20000;
const box = byId('calendar-toast');
const text = byId('calendar-toast-words');
const undo = byId('calendar-undo');
let timer = 0;
let back = null;

function hide() {
  if (box.contains(document.activeElement)) byId('calendar-title').focus();
  box.hidden = true;
  back = null;
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (box.matches(':hover') || box.contains(document.activeElement)) wait();
    else hide();
  }, SHOWN_MS);
}

/** lines: sentences, the first is the news. way: what Undo does; without it there is no button. */
export function tell(lines, way = null, bad = false) {
  text.replaceChildren(...lines.map((line, i) => {
    const p = document.createElement('p');
    p.textContent = line;
    if (i > 0) p.className = 'passed';
    return p;
  }));
  byId('calendar-voice').textContent = lines.join(' ');
  box.classList.toggle('refused', bad);
  undo.hidden = !way;
  back = way;
  box.hidden = false;
  wait();
}

/** Words of a refusal; anything else is a fault of ours and is said as one. */
export const tellRefusal = (error) => tell([error.name === 'Error' && error.message ? error.message : words.failed], null, true);

undo.addEventListener('click', async () => {
  const way = back;
  hide();
  if (!way) return;
  try {
    tell([await way()]);
  } catch (error) {
    tellRefusal(error);
  }
});
byId('calendar-toast-close').addEventListener('click', hide);
