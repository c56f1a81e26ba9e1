// The calendar hears of changes at once; where that fails it asks every minute.
const POLL_MS = 60000;
const GATHER_MS = 150;

export function listen(changed, tellState) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, GATHER_MS);
  };
  let source = null;
  const open = () => {
    source = new EventSource('/staff/calendar/live');
    source.addEventListener('changed', soon);
    source.addEventListener('open', () => {
      tellState(true);
      soon(); // something may have changed while nobody listened
    });
    source.addEventListener('error', () => tellState(false));
  };
  open();
  setInterval(() => {
    if (source.readyState === EventSource.OPEN) return;
    if (source.readyState === EventSource.CLOSED) open();
    soon();
  }, POLL_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') soon();
  });
}
