// What the benchmark is made of: servers that are started and stopped, wrk, nginx, medians, tables.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export function fail(text) {
  console.error(`bench: ${text}`);
  process.exit(1);
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function freePort() {
  return new Promise((done) => {
    const server = net.createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/* Answers of the two servers are compared byte by byte, so nothing may be decoded on the way. */
export function get(url) {
  return new Promise((done, failed) => {
    http.get(url, { agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.rawHeaders, body: Buffer.concat(parts) }));
    }).on('error', failed);
  });
}

export async function isUp(url) {
  for (let i = 0; i < 200; i++) {
    try {
      if ((await get(url)).status === 200) return true;
    } catch { /* not yet */ }
    await sleep(25);
  }
  return false;
}

export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26, ...options });
  if (done.error) fail(`${program}: ${done.error.message}`);
  if (done.status !== 0) fail(`${path.basename(program)} ${args[0] ?? ''} ended with ${done.status ?? done.signal}`);
  return done.stdout;
}

export class Server {
  constructor(name, program, args, env, log) {
    this.name = name;
    const out = fs.openSync(log, 'w');
    this.child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', out, out] });
    fs.closeSync(out);
    this.log = log;
    children.add(this.child);
    this.child.on('exit', () => { this.ended = true; children.delete(this.child); });
    this.child.on('error', (error) => fail(`${name} does not start: ${error.message}`));
  }

  async ready(url) {
    if (await isUp(url)) return this;
    return fail(`${this.name} does not answer; ${this.log} says:\n${fs.readFileSync(this.log, 'utf8')}`);
  }

  /* { VmRSS, VmHWM } in MB */
  memory() {
    const status = fs.readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const mb = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024;
    return { now: mb('VmRSS'), most: mb('VmHWM') };
  }

  async stop(signal = 'SIGTERM') {
    if (this.ended) return;
    this.child.kill(signal);
    while (!this.ended) await sleep(10);
  }
}

function milliseconds(text) {
  const [, number, unit] = text.match(/^([\d.]+)(us|ms|s|m)$/);
  return Number(number) * { us: 0.001, ms: 1, s: 1000, m: 60000 }[unit];
}

export function wrk(url, connections, seconds) {
  const text = run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url]);
  const errors = text.match(/Socket errors:.*|Non-2xx.*/);
  if (errors) fail(`wrk ${url}: ${errors[0]}`);
  const of = (pattern) => text.match(pattern)[1];
  return {
    rate: Number(of(/Requests\/sec:\s+([\d.]+)/)),
    p50: milliseconds(of(/\s50%\s+(\S+)/)),
    p99: milliseconds(of(/\s99%\s+(\S+)/)),
  };
}

/* Headers that are the connection's or nginx's own. */
const own = new Set(['date', 'content-length', 'content-type', 'connection', 'keep-alive', 'transfer-encoding']);

/* nginx at its best: two workers, kept-open files, sendfile, no log; each page with Balm's headers. */
export async function startNginx(dir, pages) {
  const port = await freePort();
  const locations = pages.map(({ name, headers, body }) => {
    fs.writeFileSync(path.join(dir, name), body, { mode: 0o644 });
    let type = 'text/plain';
    const lines = [];
    for (let i = 0; i < headers.length; i += 2) {
      const key = headers[i].toLowerCase();
      if (key === 'content-type') type = headers[i + 1];
      if (!own.has(key)) lines.push(`add_header ${headers[i]} "${headers[i + 1].replaceAll('"', '\\"')}";`);
    }
    return `location = /${name} { types { } default_type "${type}"; ${lines.join(' ')} }`;
  });
  const conf = path.join(dir, 'nginx.conf');
  const user = process.getuid() === 0 ? 'user root;' : '';
  fs.writeFileSync(conf, `${user} daemon off; worker_processes 2; pid ${dir}/nginx.pid; error_log ${dir}/nginx-error.log;
events { worker_connections 2048; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; etag off; server_tokens off;
  keepalive_timeout 75; keepalive_requests 100000000;
  open_file_cache max=16; open_file_cache_valid 3600s;
  client_body_temp_path ${dir}/nginx-body; proxy_temp_path ${dir}/nginx-proxy;
  fastcgi_temp_path ${dir}/nginx-fastcgi; scgi_temp_path ${dir}/nginx-scgi; uwsgi_temp_path ${dir}/nginx-uwsgi;
  server { listen 127.0.0.1:${port} reuseport backlog=2048; root ${dir};
    location = /up { return 200; }
    ${locations.join('\n    ')} }
}
`);
  const program = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((file) => fs.existsSync(file));
  if (!program) fail('nginx is not installed; tools/deps bench installs it');
  const server = new Server('nginx', program, ['-c', conf, '-e', `${dir}/nginx-error.log`], {}, `${dir}/nginx.log`);
  await server.ready(`http://127.0.0.1:${port}/up`);
  for (const { name, body } of pages) {
    const answer = await get(`http://127.0.0.1:${port}/${name}`);
    if (answer.status !== 200 || !answer.body.equals(body)) fail(`nginx does not send ${name} as it is`);
  }
  return { server, url: (name) => `http://127.0.0.1:${port}/${name}` };
}

export function machine(dir) {
  const cpu = fs.readFileSync('/proc/cpuinfo', 'utf8').match(/model name\s*:\s*(.*)/)?.[1] ?? 'processor unknown';
  const memory = Number(fs.readFileSync('/proc/meminfo', 'utf8').match(/MemTotal:\s+(\d+)/)[1]) / (1 << 20);
  const disk = execFileSync('df', ['--output=fstype,source', dir], { encoding: 'utf8' }).trim().split('\n')[1];
  const [type, device] = disk.trim().split(/\s+/);
  const kernel = execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim();
  const cores = execFileSync('nproc', { encoding: 'utf8' }).trim();
  return { cores, cpu, memory: `${memory.toFixed(1)} GB`, kernel, disk: `${type} on ${device}` };
}

/* Rows of strings as a Markdown table that reads well on a terminal too. */
export function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => [...row[i]].length)));
  const line = (row) => `| ${row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
