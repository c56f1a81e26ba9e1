// Booking works without this file. With it, the page knows the visitor's time zone, and the time
// left of a hold counts down in whole minutes.

/** Tells the server the visitor's zone by a cookie, and asks for the labelled page once. */
function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || !/^[A-Za-z0-9_+\-/]{1,64}$/.test(zone)) return;
  const known = document.cookie.split('; ').find((part) => part.startsWith('tz='));
  if (known === `tz=${zone}`) return;
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
  const times = document.querySelector('[data-practice-zone]');
  const kept = document.cookie.includes(`tz=${zone}`);
  if (times && kept && times.dataset.practiceZone !== zone) location.reload();
}

/** Counts a hold down; screen readers hear of it twice only: shortly before the end, and at it. */
function countDown(hold) {
  const words = hold.querySelector('b');
  const voice = hold.querySelector('[role="status"]');
  const running = hold.querySelector('[data-hold-running]');
  const ended = hold.querySelector('[data-hold-ended]');
  const seconds = Number(hold.dataset.holdSeconds);
  if (!words || !voice || !running || !ended || !Number.isFinite(seconds)) return;
  const minutes = new Intl.NumberFormat(document.documentElement.lang, {
    style: 'unit', unit: 'minute', unitDisplay: 'long',
  });
  const end = performance.now() + seconds * 1000;
  let shown = null;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 60000);
    if (left <= 0) {
      running.hidden = true;
      ended.hidden = false;
      voice.textContent = ended.textContent;
      clearInterval(timer);
    } else if (left !== shown) {
      shown = left;
      words.textContent = minutes.format(left);
      if (left === 2 && seconds > 120) voice.textContent = running.querySelector('p').textContent;
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}

tellZone();
for (const hold of document.querySelectorAll('[data-hold-seconds]')) countDown(hold);
