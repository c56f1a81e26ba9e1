// bench.mjs BUILD [--quick] [--write] [--writes]: see tests/bench/run. Every figure stands beside its yardstick, measured
// in turns with it, on the same processors and the same disk, with the load generator beside them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Server, fail, freePort, get, machine, median, run, sleep, startNginx, table, wrk } from './tools.mjs';

const [build, ...flags] = process.argv.slice(2);
const quick = flags.includes('--quick');
const seconds = quick ? { warm: 1, read: 2, book: 3 } : { warm: 5, read: 8, book: 8 };
const rounds = 3;
const past = { few: 1000, many: 1000000 };
const dir = path.resolve(process.env.BENCH_DIR ?? path.join(build, 'bench'));
const balm = path.resolve(build, 'src/balm');
const tool = (name) => path.resolve(build, 'tests/bench', name);
const env = { BALM_CLOCK: '2026-03-02T08:00:00Z', BALM_LIMITS: 'off' };
const month = '/api/v1/availability?service=relief-60&therapist=ana&from=2026-03-03&to=2026-04-02';
const bookPage = '/book/relief-60';

const title = (text) => console.log(`\n${text}`);
const say = (text) => { if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K  ${text}`); };
const wiped = () => { if (process.stdout.isTTY) process.stdout.write('\r\x1b[K'); };
const whole = (n) => Math.round(n).toLocaleString('en-US');
const ms = (n) => (n < 10 ? n.toFixed(2) : n.toFixed(1));
const verdict = (ok) => (ok ? 'yes' : 'NO');
const output = [];
const bars = [];

function show(head, rows) {
  wiped();
  const text = table(head, rows);
  console.log(text);
  output.push(text);
}

function heading(text, note) {
  title(text);
  output.push(`### ${text}\n${note ? `\n${note}\n` : ''}`);
  if (note) console.log(note);
}

async function serve(name, database) {
  const port = await freePort();
  const args = ['serve', '--db', `sqlite:${database}`, '--listen', `127.0.0.1:${port}`, '--mail', `dir:${dir}/mail-${name}`];
  const server = new Server(name, balm, args, env, `${dir}/${name}.log`);
  server.port = port;
  server.url = `http://127.0.0.1:${port}`;
  return server.ready(`${server.url}/healthz`);
}

const check = (database) => run(balm, ['check', '--db', `sqlite:${database}`], { env: { ...process.env, ...env } }).trim();

/* A database of that many past sessions; kept for the next run, since a million take a minute. */
function seeded(count) {
  const database = path.join(dir, `past-${count}.db`);
  const stamp = `${database}.done`;
  if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs > fs.statSync(tool('bench_seed')).mtimeMs) return database;
  for (const end of ['', '-wal', '-shm', '.key', '.done']) fs.rmSync(database + end, { force: true });
  console.log(`  seeding ${whole(count)} past sessions`);
  run(tool('bench_seed'), [database, 'content/demo/practice.json', String(count), env.BALM_CLOCK]);
  console.log(`  checking: ${check(database)}`);
  fs.writeFileSync(stamp, '');
  return database;
}

/* Rounds of each url in turn; the medians. */
function inTurns(urls, connections) {
  const measured = urls.map(() => []);
  urls.forEach((url) => { say(`warming ${url}`); wrk(url, connections, seconds.warm); });
  for (let round = 0; round < rounds; round++) {
    urls.forEach((url, i) => {
      say(`round ${round + 1} of ${rounds}, ${connections} connections: ${url}`);
      measured[i].push(wrk(url, connections, seconds.read));
    });
  }
  return measured.map((runs) => ({
    rate: median(runs.map((r) => r.rate)), p50: median(runs.map((r) => r.p50)), p99: median(runs.map((r) => r.p99)),
  }));
}

async function reads(server) {
  const pages = [];
  for (const [name, target, what] of [['month.json', month, 'a month of open times'], ['book.html', bookPage, 'the booking page']]) {
    const answer = await get(server.url + target);
    if (answer.status !== 200) fail(`${target} answered ${answer.status}`);
    pages.push({ name, target, what, ...answer });
  }
  const nginx = await startNginx(dir, pages);
  heading('Reading, against nginx serving the same bytes from a file',
    pages.map((p) => `${p.what}: \`GET ${p.target}\`, ${whole(p.body.length)} bytes`).join('\n\n'));
  const rows = [];
  for (const page of pages) {
    for (const connections of [16, 64, 512]) {
      const [ours, theirs] = inTurns([server.url + page.target, nginx.url(page.name)], connections);
      const ratio = ours.rate / theirs.rate;
      if (connections < 512) bars.push([`${page.what}, ${connections} connections: ratio to nginx`, ratio.toFixed(2), '≥ 0.50', '0.80', ratio >= 0.5]);
      rows.push([page.what, String(connections), whole(ours.rate), whole(theirs.rate), ratio.toFixed(2),
        `${ms(ours.p50)} / ${ms(ours.p99)}`, `${ms(theirs.p50)} / ${ms(theirs.p99)}`]);
    }
  }
  show(['', 'connections', 'Balm /s', 'nginx /s', 'ratio', 'Balm p50/p99 ms', 'nginx p50/p99 ms'], rows);
  await nginx.server.stop();
}

function flat(few, many) {
  heading(`A month of open times with ${whole(past.few)} and ${whole(past.many)} past sessions of the same therapist`,
    `The larger database is ${whole(fs.statSync(path.join(dir, `past-${past.many}.db`)).size / 1e6)} MB.`);
  const rows = [];
  for (const connections of [16, 64]) {
    const [a, b] = inTurns([few.url + month, many.url + month], connections);
    const ratio = a.rate / b.rate;
    bars.push([`few over many past sessions, ${connections} connections`, ratio.toFixed(2), '≤ 1.30', '1.00', ratio <= 1.3]);
    rows.push([String(connections), whole(a.rate), whole(b.rate), ratio.toFixed(2), `${ms(a.p50)} / ${ms(a.p99)}`, `${ms(b.p50)} / ${ms(b.p99)}`]);
  }
  show(['connections', `${whole(past.few)}: /s`, `${whole(past.many)}: /s`, 'ratio', 'few p50/p99 ms', 'many p50/p99 ms'], rows);
}

/* 64 therapists and rooms, round the clock: free times enough for every run. */
function largePractice() {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const ids = (letter) => Array.from({ length: 64 }, (_, i) => `${letter}${String(i).padStart(2, '0')}`);
  const therapists = ids('t').map((id) => ({ id, name: `Therapist ${id}`, hours: [{ days, from: '00:00', to: '24:00' }] }));
  return {
    slug: 'large', name: 'A large practice', timezone: 'UTC', currency: 'USD', locale: 'en-US', email: 'large@mail.example',
    booking: { step_minutes: 5, notice_minutes: 60, horizon_days: 730, cancel_notice_minutes: 1440, reschedule_notice_minutes: 720, hold_minutes: 10 },
    rooms: ids('r').map((id) => ({ id, name: `Room ${id}` })), therapists,
    services: [{ id: 'hour', name: 'An hour', minutes: 60, price: '95.00', therapists: ids('t'), rooms: ids('r') }],
  };
}

function missing(database, ids) {
  const list = path.join(dir, 'ids.sql');
  const values = ids.map((id) => `('${id}')`);
  let text = 'CREATE TEMP TABLE answered (id TEXT);\n';
  for (let i = 0; i < values.length; i += 500) text += `INSERT INTO answered VALUES ${values.slice(i, i + 500).join(',')};\n`;
  text += 'SELECT count(*) FROM answered WHERE id NOT IN (SELECT public_id FROM booking);\n';
  fs.writeFileSync(list, text);
  return Number(execFileSync('sqlite3', [database], { input: text, encoding: 'utf8', maxBuffer: 1 << 26 }).trim());
}

async function writes() {
  const database = path.join(dir, 'write.db');
  const file = path.join(dir, 'large.json');
  const ids = path.join(dir, 'ids.txt');
  for (const end of ['', '-wal', '-shm', '.key']) fs.rmSync(database + end, { force: true });
  for (const old of [ids, path.join(dir, 'mail-write')]) fs.rmSync(old, { force: true, recursive: true });
  fs.writeFileSync(file, JSON.stringify(largePractice()));
  run(balm, ['apply', file, '--db', `sqlite:${database}`], { env: { ...process.env, ...env } });
  const server = await serve('write', database);
  heading('Booking over HTTP, 64 connections, against single-row commits of SQLite alone on the same disk',
    'Each `POST /api/v1/bookings` takes a free time of its own for a client of its own (therapist and room; history, audit entry, '
    + 'two messages) and is answered after its fsync; the outbox delivers mail to a directory meanwhile.');
  let first = 0;
  const rows = [];
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}: SQLite alone`);
    const raw = Number(run(tool('bench_store'), ['raw', dir]));
    say(`round ${round + 1} of ${rounds}: booking`);
    const ours = JSON.parse(run(tool('bench_load'), ['book', String(server.port), '64', String(seconds.book), String(first), ids]));
    first += ours.bookings + ours.refused + 64;
    measured.push({ ...ours, raw, ratio: ours.per_second / raw });
    rows.push([`round ${round + 1}`, whole(ours.per_second), whole(raw), (ours.per_second / raw).toFixed(2), ms(ours.p50_ms), ms(ours.p99_ms), ms(ours.max_ms)]);
  }
  const of = (name) => median(measured.map((m) => m[name]));
  rows.push(['median', whole(of('per_second')), whole(of('raw')), of('ratio').toFixed(2), ms(of('p50_ms')), ms(of('p99_ms')), ms(of('max_ms'))]);
  const memory = server.memory();
  await server.stop('SIGKILL');
  show(['', 'bookings /s', 'SQLite commits /s', 'ratio', 'p50 ms', 'p99 ms', 'slowest ms'], rows);
  const answered = fs.readFileSync(ids, 'utf8').trim().split('\n');
  const holds = check(database);
  const lost = missing(database, answered);
  const after = `The server was then killed (SIGKILL). Of ${whole(answered.length)} bookings answered with 201, ${lost} are missing in the database; \`balm check\`: ${holds}.`;
  console.log(after);
  output.push(`\n${after}`);
  bars.push(['durable bookings a second over SQLite commits', of('ratio').toFixed(2), '≥ 1.50', '2.50', of('ratio') >= 1.5]);
  bars.push(['bookings answered and lost', String(lost), '0', '0', lost === 0]);
  return memory;
}

async function startTimes(database) {
  const times = [];
  for (let i = 0; i < (quick ? 3 : 9); i++) {
    const port = await freePort();
    const args = ['start', String(port), balm, 'serve', '--db', `sqlite:${database}`, '--listen', `127.0.0.1:${port}`, '--mail', `dir:${dir}/mail-start`];
    times.push(JSON.parse(run(tool('bench_load'), args, { env: { ...process.env, ...env } })).ms);
  }
  return median(times);
}

function footprint(start, idle, reading, booking) {
  heading('Footprint');
  const size = fs.statSync(balm).size / 1e6;
  const mb = (n) => `${n.toFixed(1)} MB`;
  show(['', 'measured'], [
    ['resident, idle (ten seconds after the start)', mb(idle.now)],
    [`resident, at most, reading (512 connections, ${whole(past.many)} past sessions)`, mb(reading.most)],
    ['resident, at most, booking (64 connections)', mb(booking.most)],
    ['start to first answer (median)', `${ms(start)} ms`],
    ['the program', mb(size)],
  ]);
  const most = Math.max(idle.now, reading.most, booking.most);
  bars.push(['resident at most, MB', most.toFixed(1), '< 40', '20', most < 40]);
  bars.push(['start to first answer, ms', ms(start), '< 100', '20', start < 100]);
}

function write() {
  const page = 'docs/dev/performance.md';
  const text = fs.readFileSync(page, 'utf8');
  const [begin, end] = ['<!-- figures: written by tests/bench/run --write -->', '<!-- end of figures -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) fail(`${page} has lost the marks around its figures`);
  fs.writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${output.join('\n').replaceAll('\n### ', '\n\n### ')}\n\n${text.slice(to)}`);
  console.log(`\nwritten into ${page}`);
}

async function main() {
  fs.mkdirSync(dir, { recursive: true });
  for (const [program, flag] of [['wrk', '-v'], ['sqlite3', '-version'], ['df', '--version']]) {
    try { execFileSync('which', [program]); } catch { fail(`${program} is not installed; tools/deps bench installs it (${flag})`); }
  }
  const m = machine(dir);
  const about = `${m.cores} cores (${m.cpu}), ${m.memory}, ${m.kernel}, ${m.disk}; ${new Date().toISOString().slice(0, 10)}`;
  const load = fs.readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  console.log(`${about}\nload average at the start: ${load}${quick ? '\nquick: short rounds, not to be quoted' : ''}`);
  output.push(`${about}. Load average at the start ${load}.${quick ? ' **A quick run, not to be quoted.**' : ''}\n`);
  if (flags.includes('--writes')) { // booking alone, while working on it
    await writes();
    process.exit(0);
  }
  const few = seeded(past.few);
  const many = seeded(past.many);
  const start = await startTimes(many);
  const servers = [await serve('few', few), await serve('many', many)];
  const answers = await Promise.all(servers.map((server) => get(server.url + month)));
  if (!answers[0].body.equals(answers[1].body)) fail('the two databases do not answer the same');
  await sleep(quick ? 1000 : 10000);
  const idle = servers[1].memory();
  await reads(servers[1]);
  flat(...servers);
  const reading = servers[1].memory();
  await Promise.all(servers.map((server) => server.stop()));
  footprint(start, idle, reading, await writes());
  heading('Against the bars');
  show(['', 'measured', 'bar', 'aim', 'held'], bars.map(([what, value, bar, aim, ok]) => [what, value, bar, aim, verdict(ok)]));
  if (flags.includes('--write')) write();
  process.exit(bars.every((bar) => bar[4]) ? 0 : 3);
}

await main();
