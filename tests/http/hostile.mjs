// Malformed and hostile requests against a running server:
//   node hostile.mjs --port N [--path /healthz] [--post /echo]      a server that runs
//   node hostile.mjs --start PROGRAM ...                            starts PROGRAM 127.0.0.1:0 itself
// After each of them a normal GET must still answer 200. Half-open connections come from 127.0.0.2
// and 127.0.0.3, as an attacker's would not be the visitor's. Slow cases run side by side.
import net from 'node:net';
import { spawn } from 'node:child_process';

const options = {};
for (let i = 2; i < process.argv.length; i += 2) options[process.argv[i].slice(2)] = process.argv[i + 1];
const path = options.path ?? '/healthz';
const post = options.post ?? '/echo';
const requestSeconds = 15; // LIMIT_REQUEST_SECONDS
// An end in the middle of a body is mostly seen at once, and always when the time of the request is up.
const endSeconds = requestSeconds + 5;
let port = Number(options.port ?? 0);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// Sends the pieces (with pauses), collects what comes back until the end or the time is up.
function exchange(pieces, { timeout = 4000, end = false, pause = 0, from } = {}) {
  return new Promise((done) => {
    const started = Date.now();
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from });
    let text = '';
    let sent = false;
    let finished = false;
    const finish = (how) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      socket.destroy();
      done({ text, how, sent, seconds: (Date.now() - started) / 1000 });
    };
    const timer = setTimeout(() => finish('open'), timeout);
    socket.setNoDelay(true);
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('end', () => finish('closed'));
    socket.on('close', () => finish('closed'));
    socket.on('error', () => finish('closed'));
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
        if (pause) await wait(pause);
      }
      sent = true;
      if (end) socket.end();
    });
  });
}

function statuses(text) {
  return [...text.matchAll(/HTTP\/1\.1 (\d\d\d) /g)].map((match) => Number(match[1]));
}

// What came back: the final statuses joined by +, or closed / open where there was none.
function seen(result) {
  const list = statuses(result.text).filter((status) => status !== 100);
  return list.length ? list.join('+') : result.how;
}

async function normal() {
  const result = await exchange([`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]);
  return statuses(result.text)[0] === 200;
}

const H = 'Host: localhost\r\n';
const get = (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`;
const head = (lines) => `GET ${path} HTTP/1.1\r\n${H}${lines}\r\n`;
const body = (lines, text = '') => `POST ${post} HTTP/1.1\r\n${H}Content-Type: text/plain\r\n${lines}\r\n${text}`;
const next = `GET ${path} HTTP/1.1\r\n${H}\r\n`;
// A first status of 400 that is followed by nothing of the request behind it.
const bad = ['400'];
const badOrClosed = ['400', 'closed'];
// libmicrohttpd 0.9.75 answers a malformed Content-Length itself, saying its head twice, and closes.
const badTwice = ['400', '400+400'];

// name, bytes (or list of pieces), expected, options
const cases = [
  // framing
  ['two Content-Length, the same', body('Content-Length: 3\r\nContent-Length: 3\r\n', 'abc'), bad],
  ['two Content-Length, different', body('Content-Length: 3\r\nContent-Length: 5\r\n', 'abcde'), bad],
  ['Content-Length list', body('Content-Length: 3, 3\r\n', 'abc'), badTwice],
  ['Content-Length and Transfer-Encoding', body('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n' + next), bad],
  ['Transfer-Encoding and Content-Length', body('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', '0\r\n\r\n' + next), bad],
  ['TE: chunked, identity', body('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'), bad],
  ['TE: identity', body('Transfer-Encoding: identity\r\n', ''), bad],
  ['TE: gzip, chunked', body('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), bad],
  ['TE: xchunked', body('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), bad],
  ['TE with a vertical tab', body('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'), bad],
  ['TE twice', body('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), bad],
  ['TE on HTTP/1.0', `POST ${post} HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, bad],
  ['TE with a space before the colon', body('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'), bad],
  ['Content-Length with a space before the colon', body('Content-Length : 3\r\n', 'abc'), bad],
  ['Content-Length negative', body('Content-Length: -1\r\n', ''), badTwice],
  ['Content-Length with a plus', body('Content-Length: +3\r\n', 'abc'), badTwice],
  ['Content-Length not a number', body('Content-Length: abc\r\n', ''), badTwice],
  ['Content-Length hexadecimal', body('Content-Length: 0x3\r\n', 'abc'), badTwice],
  ['Content-Length empty', body('Content-Length:\r\n', ''), badTwice],
  ['Content-Length of 30 digits', body('Content-Length: 999999999999999999999999999999\r\n', ''), ['413', '413+413']],
  ['Content-Length over the limit', body('Content-Length: 104857600\r\n', ''), ['413']],
  ['Content-Length over the limit, all sent', [body('Content-Length: 3000000\r\n', ''), 'x'.repeat(3000000)], ['413']],
  ['Content-Length of a GET', head('Content-Length: 5\r\n') + 'abcde', ['413']],
  ['chunk size not hexadecimal', body('Transfer-Encoding: chunked\r\n', 'zz\r\nabc\r\n0\r\n\r\n'), bad],
  ['chunk size negative', body('Transfer-Encoding: chunked\r\n', '-1\r\nabc\r\n0\r\n\r\n'), bad],
  ['chunk size with 0x', body('Transfer-Encoding: chunked\r\n', '0x3\r\nabc\r\n0\r\n\r\n'), bad],
  ['chunk size overflows', body('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\nabc\r\n0\r\n\r\n'), ['400', '413']],
  ['chunk size of 2^64-1', body('Transfer-Encoding: chunked\r\n', 'ffffffffffffffff\r\n' + 'x'.repeat(100000)), ['413']],
  ['chunk longer than its size', body('Transfer-Encoding: chunked\r\n', '3\r\nabcdef\r\n0\r\n\r\n'), bad],
  ['chunk size empty', body('Transfer-Encoding: chunked\r\n', '\r\nabc\r\n0\r\n\r\n'), bad],
  ['chunked body over the limit', [body('Transfer-Encoding: chunked\r\n'), ...Array(40).fill('4000\r\n' + 'x'.repeat(0x4000) + '\r\n')], ['413']],
  ['body shorter than its length, then the end', body('Content-Length: 10\r\n', 'abc'), ['closed'], { end: true, timeout: endSeconds * 1000 }],
  ['chunked body that stops, then the end', body('Transfer-Encoding: chunked\r\n', '5\r\nab'), ['closed'], { end: true, timeout: endSeconds * 1000 }],
  ['second request behind a refused one', `GET /%00 HTTP/1.1\r\n${H}\r\n` + next, bad],
  ['second request in the body of a refused one', body('Content-Length: 5\r\nContent-Length: 0\r\n', next), bad],
  ['two honest requests in a row', next + next.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), ['200+200']],

  // header syntax
  ['NUL in a header value', head('X-A: a\0b\r\n'), bad],
  ['NUL in a header name', head('X\0A: a\r\n'), bad],
  ['NUL hides a Content-Length', body('X-A: a\0\r\nContent-Length: 3\r\n', 'abc'), bad],
  ['a line that begins with NUL', `GET ${path} HTTP/1.1\r\n${H}\0Content-Length: 30\r\n\r\n`, bad],
  ['a lone CR in a value', head('X-A: a\rX-B: b\r\n'), bad],
  ['a lone LF ends a header', `GET ${path} HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n`, bad],
  ['a lone LF ends the request line', `GET ${path} HTTP/1.1\nHost: localhost\r\n\r\n`, bad],
  ['a lone LF ends the head', `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\n`, bad],
  ['folded header', head('X-A: a\r\n b\r\n'), bad],
  ['folded header with a tab', head('X-A: a\r\n\tb\r\n'), bad],
  ['folded Content-Length', body('Content-Length:\r\n 3\r\n', 'abc'), bad],
  ['first header folded', `GET ${path} HTTP/1.1\r\n X-A: a\r\n${H}\r\n`, bad],
  ['control character in a value', head('X-A: a\x01b\r\n'), bad],
  ['delete character in a value', head('X-A: a\x7fb\r\n'), bad],
  ['control character in a name', head('X\x02A: a\r\n'), bad],
  ['space in a name', head('X A: a\r\n'), bad],
  ['tab before the colon', head('X-A\t: a\r\n'), bad],
  ['header without a colon', head('nonsense\r\n'), bad],
  ['header without a name', head(': a\r\n'), bad],
  ['100 kB of one header', head('X-A: ' + 'a'.repeat(100000) + '\r\n'), ['431']],
  ['5,000 headers', head(Array.from({ length: 5000 }, (_, i) => `X-${i}: ${i}\r\n`).join('')), ['431']],
  ['100 headers', head(Array.from({ length: 100 }, (_, i) => `X-${i}: ${i}\r\n`).join('')), ['431']],
  ['10,000 cookies', head('Cookie: ' + 'a=b;'.repeat(10000) + '\r\n'), ['431']],
  ['3,000 cookies of 4 bytes', head('Cookie: ' + 'a=b;'.repeat(3000) + '\r\n'), ['431', '431+431']],

  // target
  ['URL of 64 kB', get('/' + 'a'.repeat(65536)), ['414']],
  ['URL of 8 kB', get('/' + 'a'.repeat(8192)), ['414']],
  ['query of 64 kB', get('/?' + 'a=b&'.repeat(16384)), ['414']],
  ['query of 2,000 fields', get(path + '?' + 'a&'.repeat(2000)), bad],
  ['escape without digits', get('/%zz'), bad],
  ['escape cut short', get('/%2'), bad],
  ['escape cut short in the query', get(path + '?a=%2'), bad],
  ['overlong UTF-8', get('/%c0%af'), bad],
  ['surrogate in UTF-8', get('/%ed%a0%80'), bad],
  ['invalid UTF-8 in the query', get(path + '?a=%ff'), bad],
  ['%00 in the path', get('/a%00b'), bad],
  ['%00 in the query', get(path + '?a=%00'), bad],
  ['NUL in the path', get('/a\0b'), bad],
  ['NUL at the end of the path', get(path + '\0'), bad],
  ['NUL in the query', get(path + '?a\0b'), bad],
  ['encoded line break in the path', get('/a%0d%0ab'), bad],
  ['encoded slash', get('/a%2fb'), bad],
  ['backslash', get('/a\\b'), bad],
  ['encoded backslash', get('/a%5Cb'), bad],
  ['dot segments', get('/../../etc/passwd'), bad],
  ['encoded dot segments', get('/%2e%2e/%2e%2e/etc/passwd'), bad],
  ['one dot', get('/./a'), bad],
  ['empty segments', get('//evil.example/'), bad],
  ['raw byte above ASCII', get('/\xe9'), bad],
  ['fragment', get('/a#b'), bad],
  ['space in the path', get('/a b'), bad],
  ['two spaces before the path', `GET  ${path} HTTP/1.1\r\n${H}\r\n`, bad],
  ['tab for a space', `GET\t${path}\tHTTP/1.1\r\n${H}\r\n`, badOrClosed],
  ['absolute form of this host', get(`http://localhost${path}`), ['200']],
  ['absolute form of another host', get(`http://evil.example${path}`), bad],
  ['absolute form with a user', get(`http://localhost@evil.example${path}`), bad],
  ['absolute form of another scheme', get(`ftp://localhost${path}`), bad],
  ['authority form', `CONNECT evil.example:443 HTTP/1.1\r\n${H}\r\n`, ['501']],
  ['relative target', get('healthz'), bad],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${H}\r\n`, ['204']],
  ['GET *', get('*'), bad],

  // method and version
  ['unknown method', `BREW ${path} HTTP/1.1\r\n${H}\r\n`, ['501']],
  ['TRACE', `TRACE ${path} HTTP/1.1\r\n${H}\r\n`, ['501']],
  ['lower-case method', `get ${path} HTTP/1.1\r\n${H}\r\n`, ['501']],
  ['method with a bracket', `GE(T ${path} HTTP/1.1\r\n${H}\r\n`, bad],
  ['method of 20 kB', `${'A'.repeat(20000)} ${path} HTTP/1.1\r\n${H}\r\n`, ['414', '431', '501']],
  ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ['505']],
  ['HTTP/0.9', `GET ${path}\r\n`, badOrClosed],
  ['HTTP/1.2', `GET ${path} HTTP/1.2\r\n${H}\r\n`, ['505']],
  ['HTTP/9.9', `GET ${path} HTTP/9.9\r\n${H}\r\n`, ['505']],
  ['HTTP/1.10', `GET ${path} HTTP/1.10\r\n${H}\r\n`, badOrClosed],
  ['http/1.1 in small letters', `GET ${path} http/1.1\r\n${H}\r\n`, badOrClosed],
  ['space after the version', `GET ${path} HTTP/1.1 \r\n${H}\r\n`, badOrClosed],

  // host
  ['no Host', `GET ${path} HTTP/1.1\r\n\r\n`, bad],
  ['two Hosts', head('Host: localhost\r\n'), bad],
  ['two Hosts in other letters', head('HOST: other\r\n'), bad],
  ['empty Host', `GET ${path} HTTP/1.1\r\nHost:\r\n\r\n`, bad],
  ['Host with a space', `GET ${path} HTTP/1.1\r\nHost: local host\r\n\r\n`, bad],
  ['Host with a path', `GET ${path} HTTP/1.1\r\nHost: localhost/evil\r\n\r\n`, bad],
  ['Host with a user', `GET ${path} HTTP/1.1\r\nHost: a@localhost\r\n\r\n`, bad],
  ['Host with a bad port', `GET ${path} HTTP/1.1\r\nHost: localhost:99999\r\n\r\n`, bad],
  ['Host with a port of letters', `GET ${path} HTTP/1.1\r\nHost: localhost:http\r\n\r\n`, bad],
  ['Host with a broken IPv6', `GET ${path} HTTP/1.1\r\nHost: [::1\r\n\r\n`, bad],
  ['Host with IPv6', `GET ${path} HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n`, ['200', '404', '421'], { first: true }],
  ['Host of 300 characters', `GET ${path} HTTP/1.1\r\nHost: ${'a'.repeat(300)}\r\n\r\n`, bad],

  // other
  ['empty request', '', ['closed'], { end: true }],
  ['only line breaks', '\r\n\r\n\r\n\r\n', ['closed'], { end: true, timeout: 20000 }],
  ['garbage', Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 197 + 13) % 256)), badOrClosed, { end: true }],
  ['garbage line', 'hello there\r\n\r\n', badOrClosed],
  ['TLS hello', Buffer.from('16030100c8010000c40303' + '5a'.repeat(190) + '0a0a', 'hex'), badOrClosed, { end: true }],
  ['Expect: weird', body('Expect: weird\r\nContent-Length: 3\r\n', 'abc'), ['417']],
  ['Expect: 100-continue with too long a body', body('Expect: 100-continue\r\nContent-Length: 104857600\r\n'), ['413'], { no100: true }],
];

const slow = [];
function trickle(name, pieces, expected, options) {
  slow.push([name, pieces, expected, { pause: 1000, timeout: (requestSeconds + 6) * 1000, ...options }]);
}
const lines = (text) => text.split('');
trickle('header trickle, a byte a second', [`GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-A: `, ...lines('a'.repeat(40))], ['408', 'closed']);
trickle('request line trickle', lines(`GET ${path}${'a'.repeat(60)}`), ['408', 'closed']);
trickle('headers one a second', [`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`, ...Array.from({ length: 40 }, (_, i) => `X-${i}: 1\r\n`)], ['408', 'closed']);
trickle('slow body', [body('Content-Length: 100\r\n'), ...lines('a'.repeat(60))], ['408', 'closed']);
trickle('slow chunks', [body('Transfer-Encoding: chunked\r\n'), ...Array(60).fill('1\r\na\r\n')], ['408', 'closed']);
trickle('connects and says nothing', [], ['closed']);

let passed = 0;
let failed = 0;
function report(name, got, expected, alive, extra = '') {
  const good = expected.includes(got) && alive;
  if (good) passed++;
  else failed++;
  const mark = good ? 'ok  ' : 'FAIL';
  console.log(`${mark} ${name.padEnd(48)} ${got.padEnd(10)} ${expected.join('/')}${extra}${alive ? '' : '  (and GET fails)'}`);
}

async function runCases() {
  for (const [name, bytes, expected, more = {}] of cases) {
    const result = await exchange(Array.isArray(bytes) ? bytes : [bytes], { timeout: more.first ? 500 : 4000, ...more });
    let got = seen(result);
    // Where the answer keeps the connection open, the first status counts.
    if (more.no100 && statuses(result.text).includes(100)) got = '100 first';
    report(name, got, expected, await normal());
  }
}

// A connection that has been answered an error must be closed, and quickly.
async function runClosing() {
  const result = await exchange([get('/%zz'), next], { timeout: 4000, pause: 200 });
  report('an error ends the connection', `${seen(result)} ${result.how}`, ['400 closed'], await normal());
}

async function runHalfOpen() {
  const sockets = [];
  const open = (from, text) =>
    new Promise((done) => {
      const socket = net.connect({ port, host: '127.0.0.1', localAddress: from });
      socket.on('error', () => done());
      socket.on('connect', () => {
        if (text) socket.write(text);
        done();
      });
      sockets.push(socket);
    });
  const all = [];
  for (let i = 0; i < 2000; i++) {
    all.push(open(i % 2 ? '127.0.0.2' : '127.0.0.3', i % 4 < 2 ? '' : 'GET /half HT'));
    if (all.length % 200 === 0) await Promise.all(all);
  }
  await Promise.all(all);
  const alive = await normal();
  const open2 = sockets.filter((socket) => !socket.destroyed).length;
  report('2,000 half-open connections', alive ? '200' : 'no answer', ['200'], alive, `  (${open2} open)`);
  for (const socket of sockets) socket.destroy();
}

async function runSlow() {
  await Promise.all(
    slow.map(async ([name, pieces, expected, more]) => {
      const result = await exchange(pieces, more);
      const late = result.seconds > requestSeconds + 3 ? 'late' : seen(result);
      report(name, late, expected, await normal(), `  (${result.seconds.toFixed(1)} s)`);
    }),
  );
}

async function start() {
  if (!options.start) return null;
  const child = spawn(options.start, ['127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  port = await new Promise((done) => child.stdout.on('data', (data) => done(Number(/port (\d+)/.exec(data)[1]))));
  return child;
}

const child = await start();
if (!(await normal())) {
  console.log(`no 200 from GET ${path} on port ${port}`);
  process.exit(1);
}
const slowDone = runSlow();
await runCases();
await runClosing();
await slowDone;
await runHalfOpen();
if (child) {
  child.kill('SIGTERM');
  const code = await new Promise((done) => child.on('exit', (status, signal) => done(signal ?? status)));
  report('the server ends well', String(code), ['0'], true);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
