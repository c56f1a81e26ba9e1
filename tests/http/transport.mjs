// What the HTTP server promises to well-behaved clients: node transport.mjs ECHO_SERVER
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';

const program = process.argv[2];
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function start(listen = '127.0.0.1:0', ...words) {
  const child = spawn(program, [listen, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
  const port = await new Promise((done, fail) => {
    child.stdout.on('data', (data) => done(Number(/port (\d+)/.exec(data)[1])));
    exited.then((code) => fail(new Error(`server ended: ${code}`)));
  });
  return {
    port,
    child,
    exited,
    async stop() {
      child.kill('SIGTERM');
      assert.strictEqual(await exited, 0);
    },
  };
}

function request(where, path, { method = 'GET', headers = {}, body, agent } = {}) {
  return new Promise((done, fail) => {
    const at = typeof where === 'string' ? { socketPath: where } : { host: '127.0.0.1', port: where };
    const sent = http.request({ ...at, path, method, headers, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

const json = async (...args) => JSON.parse((await request(...args)).body);
const tests = {};

tests['keep-alive serves many requests on one connection'] = async ({ port }) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let connections = 0;
  agent.createConnection = (options, made) => {
    connections++;
    return net.connect(options, made);
  };
  for (let i = 0; i < 50; i++) assert.strictEqual((await request(port, '/healthz', { agent })).status, 200);
  assert.strictEqual(connections, 1);
  agent.destroy();
};

tests['HEAD says what GET would, without a body'] = async ({ port }) => {
  const get = await request(port, '/text');
  const head = await request(port, '/text', { method: 'HEAD' });
  assert.strictEqual(head.body.length, 0);
  assert.strictEqual(head.headers['content-length'], String(get.body.length));
};

tests['requests are decoded'] = async ({ port }) => {
  const form = await json(port, '/echo?q=a+b&e=%C3%A9', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', cookie: 's=1; t=2; bad' },
    body: 'name=Zo%C3%AB+M%26&empty=',
  });
  assert.deepStrictEqual(form.params, [['q', 'a b'], ['e', 'é']]);
  assert.deepStrictEqual(form.form, [['name', 'Zoë M&'], ['empty', '']]);
  assert.deepStrictEqual(form.cookies, [['s', '1'], ['t', '2']]);
  const chunked = await json(port, '/echo/a%20b', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' }, body: 'x'.repeat(60000) });
  assert.strictEqual(chunked.bytes, 60000);
  assert.strictEqual(chunked.path, '/echo/a b');
  const wrong = await request(port, '/echo', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=%' });
  assert.strictEqual(wrong.status, 400);
};

tests['multipart arrives in parts'] = async ({ port }) => {
  const data = new FormData();
  data.set('note', 'two words');
  data.set('file', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'practice "x".csv');
  const answer = await (await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body: data })).json();
  assert.deepStrictEqual(answer.parts, [
    { name: 'note', filename: '', type: '', bytes: 9 },
    { name: 'file', filename: 'practice %22x%22.csv', type: 'text/csv', bytes: 8 },
  ]);
};

tests['each request is told to the log once'] = async ({ port }) => {
  await wait(50);
  const before = await json(port, '/finished');
  await request(port, '/healthz');
  await request(port, '/later?n=1');
  await request(port, '/%00');
  await request(port, '/nothing');
  await wait(50);
  assert.strictEqual(await json(port, '/finished'), before + 5);
};

tests['405 names the methods, 404 does not'] = async ({ port }) => {
  const wrong = await request(port, '/echo', { method: 'DELETE' });
  assert.strictEqual(wrong.status, 405);
  assert.strictEqual(wrong.headers.allow, 'GET, HEAD, POST');
  assert.strictEqual((await request(port, '/nothing')).status, 404);
};

tests['assets: encoding by wish, entity tags, 304'] = async ({ port }) => {
  const plain = await request(port, '/static/look.css');
  assert.strictEqual(plain.headers['content-encoding'], undefined);
  assert.strictEqual(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.strictEqual(plain.headers.vary, 'Accept-Encoding');
  const br = await request(port, '/static/look.css', { headers: { 'accept-encoding': 'gzip, deflate, br' } });
  assert.strictEqual(br.headers['content-encoding'], 'br');
  assert.strictEqual(br.body.toString(), 'not really br');
  assert.notStrictEqual(br.headers.etag, plain.headers.etag);
  const gzip = await request(port, '/static/look.css', { headers: { 'accept-encoding': 'gzip, br;q=0' } });
  assert.strictEqual(gzip.headers['content-encoding'], 'gzip');
  for (const tag of [plain.headers.etag, `W/${plain.headers.etag}`, `"other", ${plain.headers.etag}`, '*']) {
    const again = await request(port, '/static/look.css', { headers: { 'if-none-match': tag } });
    assert.strictEqual(again.status, 304, tag);
    assert.strictEqual(again.body.length, 0);
    assert.strictEqual(again.headers.etag, plain.headers.etag);
  }
  const changed = await request(port, '/static/look.css', { headers: { 'if-none-match': '"other"' } });
  assert.strictEqual(changed.status, 200);
};

tests['long texts are compressed where that is accepted'] = async ({ port }) => {
  const plain = await request(port, '/text');
  assert.strictEqual(plain.headers['content-encoding'], undefined);
  for (let i = 0; i < 3; i++) {
    const gzip = await request(port, '/text', { headers: { 'accept-encoding': 'gzip' } });
    assert.strictEqual(gzip.headers['content-encoding'], 'gzip');
    assert.strictEqual(gzip.headers.vary, 'Accept-Encoding');
    assert(gzip.body.length < plain.body.length / 3);
    assert(zlib.gunzipSync(gzip.body).equals(plain.body));
  }
  const br = await request(port, '/text', { headers: { 'accept-encoding': 'br' } });
  assert.strictEqual(br.headers['content-encoding'], 'br');
  assert(zlib.brotliDecompressSync(br.body).equals(plain.body));
  const none = await request(port, '/text', { headers: { 'accept-encoding': 'gzip;q=0' } });
  assert.strictEqual(none.headers['content-encoding'], undefined);
  const short = await request(port, '/healthz', { headers: { 'accept-encoding': 'gzip' } });
  assert.strictEqual(short.headers['content-encoding'], undefined);
};

tests['64 clients are answered later, each their own'] = async ({ port }) => {
  const client = async (who) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 40; i++) {
      const answer = await request(port, `/later?n=${who}-${i}${i % 20 === 7 ? '&ms=2' : ''}`, { agent });
      assert.strictEqual(answer.status, 200);
      assert.strictEqual(answer.body.toString(), `${who}-${i}`);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: 64 }, (_, who) => client(who)));
};

tests['a client that leaves before its late answer does no harm'] = async ({ port }) => {
  for (let i = 0; i < 50; i++) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /later?ms=5&n=x HTTP/1.1\r\nHost: a\r\n\r\n');
    setTimeout(() => socket.destroy(), 3);
  }
  await wait(600);
  assert.strictEqual((await request(port, '/healthz')).status, 200);
};

tests['Expect: 100-continue is answered before the body'] = async ({ port }) => {
  const order = [];
  const answer = await new Promise((done, fail) => {
    const sent = http.request({ host: '127.0.0.1', port, path: '/echo', method: 'POST', headers: { expect: '100-continue', 'content-length': 5 } }, (response) => {
      order.push('answer');
      response.resume().on('end', () => done(response));
    });
    sent.on('continue', () => {
      order.push('continue');
      sent.end('hello');
    });
    sent.on('error', fail);
    sent.flushHeaders();
  });
  assert.strictEqual(answer.statusCode, 200);
  assert.deepStrictEqual(order, ['continue', 'answer']);
};

tests['413 reaches a client that sends all the same'] = async ({ port }) => {
  for (let i = 0; i < 5; i++) {
    const answer = await request(port, '/echo', { method: 'POST', headers: { 'content-length': 3_000_000 }, body: Buffer.alloc(3_000_000) });
    assert.strictEqual(answer.status, 413);
    assert.strictEqual(JSON.parse(answer.body).status, 413);
    assert.strictEqual(answer.headers.connection, 'close');
    const chunked = await request(port, '/echo', { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: Buffer.alloc(300_000) });
    assert.strictEqual(chunked.status, 413);
  }
  const fits = await json(port, '/echo', { method: 'POST', body: Buffer.alloc(65536) });
  assert.strictEqual(fits.bytes, 65536);
};

function subscribe(port) {
  return new Promise((done, fail) => {
    const sent = http.get({ host: '127.0.0.1', port, path: '/events', agent: false }, (response) => {
      assert.strictEqual(response.headers['content-type'], 'text/event-stream; charset=utf-8');
      const stream = { response, text: '', ended: false, stop: () => sent.destroy() };
      response.on('data', (data) => {
        stream.text += data;
        done(stream);
      });
      response.on('end', () => (stream.ended = true));
      response.on('error', () => {});
    });
    sent.on('error', fail);
  });
}

async function until(condition, what) {
  for (let i = 0; i < 300; i++) {
    if (condition()) return;
    await wait(i < 20 ? 2 : 20);
  }
  assert.fail(`waited in vain: ${what}`);
}

tests['20 subscribers get every event, in order'] = async ({ port }) => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => subscribe(port)));
  for (let i = 0; i < 50; i++) await request(port, `/publish?data=event${i}`, { method: 'POST' });
  const expected = Array.from({ length: 50 }, (_, i) => `event: note\ndata: event${i}\n\n`).join('');
  await until(() => streams.every((stream) => stream.text.endsWith(expected)), 'events');
  streams.slice(0, 10).forEach((stream) => stream.stop());
  await wait(50);
  for (let i = 0; i < 3; i++) await request(port, `/publish?data=after${i}`, { method: 'POST' });
  await until(() => streams.slice(10).every((stream) => stream.text.includes('after2')), 'events after some left');
  streams.forEach((stream) => stream.stop());
};

tests['a subscriber that does not read is let go; the others are not held up'] = async ({ port }) => {
  const stuck = net.connect(port, '127.0.0.1');
  stuck.pause();
  stuck.on('error', () => {});
  stuck.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
  const reader = await subscribe(port);
  const data = 'x'.repeat(3000);
  const agent = new http.Agent({ keepAlive: true });
  const seen = () => reader.text.split('event: note').length - 1;
  for (let i = 1; i <= 3000; i++) {
    await request(port, `/publish?data=${data}`, { method: 'POST', agent });
    if (i % 10 === 0) await until(() => seen() === i, 'all events at the one who reads');
  }
  agent.destroy();
  stuck.destroy();
  reader.stop();
};

tests['trust is for proxies only'] = async ({ port }) => {
  const answer = await json(port, '/echo', { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' } });
  assert.strictEqual(answer.peer, '127.0.0.1');
  assert.strictEqual(answer.secure, false);
  const trusting = await start('127.0.0.1:0', 'trust');
  const through = await json(trusting.port, '/echo', { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9', 'x-forwarded-proto': 'https' } });
  assert.strictEqual(through.peer, '203.0.113.9');
  assert.strictEqual(through.secure, true);
  const nonsense = await json(trusting.port, '/echo', { headers: { 'x-forwarded-for': 'unknown' } });
  assert.strictEqual(nonsense.peer, '127.0.0.1');
  await trusting.stop();
};

tests['a unix socket, over a stale one, of mode 0660'] = async () => {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'balm-http-'));
  const path = join(folder, 'sock');
  const first = await start(`unix:${path}`);
  assert.strictEqual(first.port, 0);
  assert.strictEqual(fs.statSync(path).mode & 0o777, 0o660);
  assert.strictEqual((await request(path, '/healthz')).status, 200);
  assert.strictEqual((await json(path, '/echo')).peer, 'unix');
  await assert.rejects(start(`unix:${path}`), /server ended: 1/); /* one lives there */
  first.child.kill('SIGKILL');
  await first.exited;
  assert(fs.existsSync(path));
  const second = await start(`unix:${path}`);
  assert.strictEqual((await request(path, '/healthz')).status, 200);
  await second.stop();
  assert(!fs.existsSync(path));
  fs.writeFileSync(path, 'a file');
  await assert.rejects(start(`unix:${path}`), /server ended: 1/);
  fs.rmSync(folder, { recursive: true });
};

tests['IPv6, and addresses that are not understood'] = async () => {
  const server = await start('[::1]:0');
  const answer = await fetch(`http://[::1]:${server.port}/echo`).catch((error) => error);
  assert.strictEqual((await answer.json()).peer, '::1');
  await server.stop();
  for (const text of ['nonsense', '127.0.0.1', '127.0.0.1:99999', 'example.org:80', '[::1:80', 'unix:', ':8080'])
    await assert.rejects(start(text), /server ended: 1/, text);
};

tests['a socket passed by systemd'] = async () => {
  const listener = net.createServer();
  await new Promise((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address();
  // LISTEN_PID must be the server's own, so the shell execs it.
  const child = spawn('/bin/sh', ['-c', 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" 127.0.0.1:1', program], {
    stdio: ['ignore', 'pipe', 'inherit', listener._handle.fd],
  });
  const exited = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
  const text = await new Promise((done) => child.stdout.on('data', (data) => done(String(data))));
  assert.strictEqual(text.trim(), `port ${port}`);
  listener.close();
  for (let i = 0; i < 5; i++) assert.strictEqual((await request(port, '/healthz')).status, 200);
  child.kill('SIGTERM');
  assert.strictEqual(await exited, 0);
};

tests['one address cannot take all connections, and idle ones make room'] = async ({ port }) => {
  const sockets = [];
  let alive = 0;
  for (let i = 0; i < 1100; i++) {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.7' });
    socket.on('error', () => {});
    socket.resume();
    sockets.push(socket);
    await new Promise((done) => socket.once('connect', done));
    alive++;
    socket.once('close', () => alive--);
  }
  await until(() => alive <= 1024 + 8, 'no more than the limit'); // each event thread may let in one too many
  assert(alive > 1000, `${alive} alive`);
  assert(sockets[0].destroyed, 'the oldest went');
  assert(!sockets[1099].destroyed, 'the newest stays');
  assert.strictEqual((await request(port, '/healthz')).status, 200);
  sockets.forEach((socket) => socket.destroy());
};

tests['one thread is enough'] = async () => {
  const server = await start('127.0.0.1:0', 'threads=1');
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => request(server.port, `/later?n=${i}&ms=1`)));
  assert(answers.every((answer, i) => answer.body.toString() === String(i)));
  await server.stop();
};

tests['a graceful stop answers what is in flight and ends streams'] = async () => {
  const server = await start();
  const stream = await subscribe(server.port);
  const agent = new http.Agent({ keepAlive: true });
  await request(server.port, '/healthz', { agent });
  const late = request(server.port, '/later?ms=1500&n=late');
  await wait(200);
  const before = Date.now();
  server.child.kill('SIGTERM');
  await wait(200);
  await assert.rejects(request(server.port, '/healthz')); /* no new connections */
  const answer = await late;
  assert.strictEqual(answer.body.toString(), 'late');
  assert.strictEqual(answer.headers.connection, 'close');
  assert.strictEqual(await server.exited, 0);
  assert(Date.now() - before < 4000);
  assert(stream.ended);
  agent.destroy();
};

tests['a stop does not wait for ever for a handler'] = async () => {
  const server = await start();
  const late = request(server.port, '/later?ms=14000&n=late').catch((error) => ({ status: error.code }));
  await wait(200);
  const before = Date.now();
  server.child.kill('SIGTERM');
  const answer = await late;
  assert([503, 'ECONNRESET'].includes(answer.status), String(answer.status));
  const seconds = (Date.now() - before) / 1000;
  assert(seconds > 9 && seconds < 13, `${seconds} s`);
  assert.strictEqual(await server.exited, 0);
};

let failed = 0;
const shared = await start();
const only = process.argv[3];
for (const [name, test] of Object.entries(tests)) {
  if (only && !name.includes(only)) continue;
  try {
    await test(shared);
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
try {
  await shared.stop();
} catch (error) {
  failed++;
  console.log(`FAIL the server ends well\n${error.stack}`);
}
console.log(`${failed} failed`);
process.exit(failed ? 1 : 0);
