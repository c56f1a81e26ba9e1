// A small SMTP server for tests: it keeps what it is sent and refuses where it is told to.
//
//   node smtp_sink.mjs FOLDER [--connect ACTION] [--auth USER:PASSWORD] [--tls KEY.pem CERT.pem]
//                             [--implicit-tls] [--port N]
//
// The first line on stdout is "port N". ACTION is a reply code, "close" (hang up) or "hang" (never
// answer). The parts before the @ of sender and recipient say the same for later stages:
//   mail-450@…  rcpt-550@…  data-451@… (the DATA command)  body-close@… (hangs up within the text)
//   end-552@…   end-close@…  end-hang@…  (after the final dot)  quit-hang@…
// Anything else is accepted. Of message N the folder gets N.eml (dots unstuffed), N.wire (as it
// came, final dot included) and N.json; commands.log has every command line, secrets left out.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

const options = { connect: '', auth: '', key: '', cert: '', implicit: false, port: 0, folder: '' };
const args = process.argv.slice(2);
while (args.length > 0) {
  const arg = args.shift();
  if (arg === '--connect') options.connect = args.shift();
  else if (arg === '--auth') options.auth = args.shift();
  else if (arg === '--port') options.port = Number(args.shift());
  else if (arg === '--implicit-tls') options.implicit = true;
  else if (arg === '--tls') [options.key, options.cert] = args.splice(0, 2);
  else options.folder = arg;
}
if (!options.folder) {
  console.error('usage: smtp_sink.mjs FOLDER [--connect ACTION] [--auth USER:PASSWORD] …');
  process.exit(2);
}
fs.mkdirSync(options.folder, { recursive: true });
const secure = options.key && tls.createSecureContext({
  key: fs.readFileSync(options.key), cert: fs.readFileSync(options.cert),
});
let messages = 0;
let connections = 0;

function scripted(address, stage) {
  const local = (address || '').split('@')[0];
  return local.startsWith(stage + '-') ? local.slice(stage.length + 1) : '';
}

class Session {
  constructor(socket) {
    this.number = ++connections;
    this.secure = options.implicit;
    this.authenticated = false;
    this.reset();
    this.attach(socket);
    if (!this.act(options.connect)) this.say('220 sink.test ESMTP');
  }

  reset() {
    this.from = '';
    this.to = [];
    this.inData = false;
    this.inAuth = false;
  }

  attach(socket) {
    this.socket = socket;
    this.buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      this.read();
    });
  }

  say(line) {
    this.socket.write(line + '\r\n');
  }

  // Does what a script says; false where it says nothing.
  act(action) {
    if (!action) return false;
    if (action === 'close') this.socket.destroy();
    else if (action !== 'hang') this.refuse(action);
    return true;
  }

  refuse(code) {
    const named = `<${this.to[this.to.length - 1] || this.from}>`;
    const family = code[0];
    this.say(`${code}-${family}.7.1 ${named} not now,`);
    this.say(`${code} ${family}.7.1 said the sink`);
    if (code === '421') this.socket.end();
  }

  read() {
    for (;;) {
      if (this.inData) {
        if (!this.readBody()) return;
        continue;
      }
      const end = this.buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = this.buffer.subarray(0, end).toString('latin1');
      this.buffer = this.buffer.subarray(end + 2);
      this.command(line);
    }
  }

  readBody() {
    const script = [this.from, ...this.to];
    if (this.buffer.length > 0 && script.some((a) => scripted(a, 'body') === 'close')) {
      this.socket.resetAndDestroy();
      this.buffer = Buffer.alloc(0);
      return false;
    }
    const end = this.buffer.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    const wire = this.buffer.subarray(0, end + 5);
    this.buffer = this.buffer.subarray(end + 5);
    const text = wire.subarray(0, end + 2).toString('latin1').replace(/(^|\r\n)\./g, '$1');
    const action = script.map((a) => scripted(a, 'end')).find(Boolean) || '';
    const base = path.join(options.folder, String(++messages));
    fs.writeFileSync(base + '.wire', wire);
    fs.writeFileSync(base + '.eml', Buffer.from(text, 'latin1'));
    fs.writeFileSync(base + '.json', JSON.stringify({
      from: this.from, to: this.to, action, tls: this.secure, authenticated: this.authenticated,
    }));
    if (!this.act(action)) this.say(`250 2.0.0 Ok: queued as ${messages}`);
    this.quit = script.map((a) => scripted(a, 'quit')).find(Boolean);
    this.reset();
    return true;
  }

  command(line) {
    if (this.inAuth) return this.checkAuth(line);
    const shown = /^AUTH /i.test(line) ? line.split(' ').slice(0, 2).join(' ') : line;
    fs.appendFileSync(path.join(options.folder, 'commands.log'), `${this.number} ${shown}\n`);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') this.ehlo();
    else if (verb === 'HELO') this.say('250 sink.test');
    else if (verb === 'STAR') this.startTls();
    else if (verb === 'AUTH') this.auth(line);
    else if (verb === 'MAIL') this.mail(line);
    else if (verb === 'RCPT') this.rcpt(line);
    else if (verb === 'DATA') this.data();
    else if (verb === 'RSET') this.say('250 2.0.0 Ok');
    else if (verb === 'QUIT') {
      if (this.act(this.quit)) return;
      this.say('221 2.0.0 Bye');
      this.socket.end();
    } else this.say('502 5.5.2 unknown command');
  }

  ehlo() {
    const lines = ['sink.test', 'SIZE 2000000', '8BITMIME', 'ENHANCEDSTATUSCODES'];
    if (secure && !this.secure) lines.push('STARTTLS');
    if (options.auth) lines.push('AUTH PLAIN');
    lines.forEach((text, i) => this.say(`250${i + 1 < lines.length ? '-' : ' '}${text}`));
  }

  startTls() {
    if (!secure) return this.say('454 4.7.0 no TLS here');
    this.say('220 2.0.0 go ahead');
    const plain = this.socket;
    plain.removeAllListeners('data');
    this.secure = true;
    this.attach(new tls.TLSSocket(plain, { isServer: true, secureContext: secure }));
  }

  auth(line) {
    const response = line.split(' ')[2];
    if (response !== undefined) return this.checkAuth(response);
    this.inAuth = true;
    this.say('334 ');
  }

  checkAuth(response) {
    this.inAuth = false;
    const given = Buffer.from(response, 'base64').toString().split('\0');
    this.authenticated = Boolean(options.auth) && given.slice(1).join(':') === options.auth;
    this.say(this.authenticated ? '235 2.7.0 welcome' : '535 5.7.8 wrong user or password');
  }

  mail(line) {
    this.from = (/<(.*?)>/.exec(line) || [])[1];
    if (this.act(scripted(this.from, 'mail'))) return;
    if (options.auth && !this.authenticated) this.say('530 5.7.0 sign in first');
    else this.say('250 2.1.0 Ok');
  }

  rcpt(line) {
    this.to.push((/<(.*?)>/.exec(line) || [])[1]);
    if (!this.act(scripted(this.to[this.to.length - 1], 'rcpt'))) this.say('250 2.1.5 Ok');
  }

  data() {
    const action = [this.from, ...this.to].map((a) => scripted(a, 'data')).find(Boolean);
    if (this.act(action)) return;
    this.inData = true;
    this.say('354 end with a dot');
  }
}

const server = options.implicit
  ? tls.createServer({ secureContext: secure, key: fs.readFileSync(options.key),
    cert: fs.readFileSync(options.cert) }, (socket) => new Session(socket))
  : net.createServer((socket) => new Session(socket));
server.on('tlsClientError', () => {});
server.listen(options.port, '0.0.0.0', () => console.log(`port ${server.address().port}`));
