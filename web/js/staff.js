// Search as you type: the list below a search form follows what is typed. Without this script the form
// is sent as any other.
const PAUSE_MS = 180;

function follow(form) {
  const results = document.getElementById(form.dataset.search);
  const input = form.querySelector('input[type="search"]');
  if (!results || !input) return;
  let timer = 0;
  let running = null;
  let shown = input.value;

  async function search() {
    const query = input.value;
    if (query === shown) return;
    running?.abort();
    running = new AbortController();
    const address = new URL(form.action);
    address.searchParams.set('q', query);
    try {
      const answer = await fetch(address, { signal: running.signal, headers: { Accept: 'text/html' } });
      if (!answer.ok || answer.redirected) {
        form.submit();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(form.dataset.search);
      if (!fresh) return;
      results.replaceChildren(...fresh.childNodes);
      shown = query;
      history.replaceState(null, '', address);
    } catch (error) {
      if (error.name !== 'AbortError') form.submit();
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
}

for (const form of document.querySelectorAll('form[data-search]')) follow(form);

// What was just done is said once: the address forgets it, so that it is not told again.
const here = new URL(location.href);
if (here.searchParams.has('did')) {
  here.searchParams.delete('did');
  history.replaceState(null, '', here);
}

// A form that came back: the first problem, or what it has to say, is where one goes on.
const invalid = document.querySelector('[aria-invalid="true"]');
if (invalid) invalid.focus();
else document.querySelector('main [role="alert"]')?.scrollIntoView({ block: 'center' });
