// What the page hands over, and the small things that every part of the calendar needs.
import { writer } from './times.js';

export const byId = (id) => document.getElementById(id);
export const config = JSON.parse(byId('calendar-config').textContent);
export const write = writer(config.locale);
export const words = config.words;

/** "{client} is on {when}" with its gaps filled. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

export const therapistName = (id) => config.therapists.find((person) => person.id === id)?.name ?? '';

/** A refusal whose words are meant for staff; `errors` names fields. */
export class Refusal extends Error {
  constructor(text, errors = []) {
    super(text);
    this.errors = errors;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(`/staff/calendar/${path}`, { ...options, headers: { accept: 'application/json', ...options?.headers } });
  } catch {
    throw new Refusal(words.failed);
  }
  const json = /json/.test(response.headers.get('content-type') ?? '') ? await response.json().catch(() => null) : null;
  if (response.ok && json) return json;
  if (response.status === 401 || (response.ok && !json)) throw new Refusal(words.signed_out);
  const errors = json?.errors ?? [];
  throw new Refusal(errors.length ? errors.map((error) => error.message).join(' ') : json?.detail ?? words.failed, errors);
}

export const load = (path, query) => ask(`${path}?${new URLSearchParams(query)}`);
export const send = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
