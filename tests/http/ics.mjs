// Reads .ics files with ical.js, apart from libical, and checks what they say.
//
//   node ics.mjs FOLDER       a folder of .ics files with expected.json beside them
//   node ics.mjs PROGRAM      runs that build of test_ical to make such a folder
//
// Every time must resolve, by the VTIMEZONE in the file alone, to the instant that was written.
import { execFileSync } from 'node:child_process';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Where the test packages are not installed (npm ci in tests/), meson shows the test as skipped.
const { default: ICAL } = await import('ical.js').catch(() => {
  console.error('ical.js is not installed: npm ci in tests/');
  process.exit(77);
});

function instant(event, name, zones) {
  const property = event.getFirstProperty(name);
  const time = property.getFirstValue();
  const tzid = property.getParameter('tzid');
  if (!tzid) {
    assert.equal(time.zone.tzid, 'UTC', `${name} without a zone must be in UTC`);
    return time.toUnixTime();
  }
  assert.ok(zones.has(tzid), `no VTIMEZONE for ${tzid}`);
  time.zone = zones.get(tzid);
  return time.toUnixTime();
}

function check(folder, expected) {
  const text = fs.readFileSync(path.join(folder, expected.file), 'utf8');
  const root = new ICAL.Component(ICAL.parse(text));
  const zones = new Map(root.getAllSubcomponents('vtimezone').map((component) => {
    const zone = new ICAL.Timezone(component);
    return [zone.tzid, zone];
  }));
  const event = root.getFirstSubcomponent('vevent');
  assert.deepEqual({
    start: instant(event, 'dtstart', zones),
    end: instant(event, 'dtend', zones),
    uid: event.getFirstPropertyValue('uid'),
    sequence: event.getFirstPropertyValue('sequence'),
    summary: event.getFirstPropertyValue('summary'),
  }, {
    start: expected.start,
    end: expected.end,
    uid: expected.uid,
    sequence: expected.sequence,
    summary: expected.summary,
  }, `${expected.file} (${expected.zone})`);
}

const given = process.argv[2];
if (!given) {
  console.error('usage: ics.mjs FOLDER | PROGRAM');
  process.exit(2);
}
let folder = given;
const made = !fs.statSync(given).isDirectory();
if (made) {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'balm-ics-'));
  execFileSync(path.resolve(given), { env: { ...process.env, BALM_ICS_DIR: folder },
    stdio: 'pipe' });
}
const expectations = JSON.parse(fs.readFileSync(path.join(folder, 'expected.json'), 'utf8'));
assert.ok(expectations.length >= 10, 'too few files to mean anything');
let failed = 0;
for (const expected of expectations) {
  try {
    check(folder, expected);
  } catch (error) {
    failed++;
    if (failed <= 5) console.error(error.message);
  }
}
console.log(`${expectations.length - failed} of ${expectations.length} files read back`);
if (made) fs.rmSync(folder, { recursive: true });
process.exit(failed === 0 ? 0 : 1);
