-- Balm's foundation: practices and what they offer, clients, bookings, messages, staff.
-- Conventions: practice_id first in every key; *_us are instants, microseconds since 1970 UTC;
-- *_minutes and *_min are whole minutes; keys (slug, key) are the practice file's ids. Tables are
-- clustered by their key (WITHOUT ROWID): one tree less to write for each row.

CREATE TABLE practice (
  practice_id INTEGER NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,                -- in SLUG.localhost and in commands
  name TEXT NOT NULL,
  zone TEXT NOT NULL,                       -- IANA zone of its hours
  currency TEXT NOT NULL,                   -- ISO 4217
  locale TEXT NOT NULL,                     -- BCP 47; its language is the site's default
  email TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  step_minutes INTEGER NOT NULL,            -- grid of starts from a period's opening
  notice_minutes INTEGER NOT NULL,          -- earliest start counted from now
  horizon_days INTEGER NOT NULL,            -- last day offered, counted from today
  cancel_notice_minutes INTEGER NOT NULL,   -- clients cancel until so long before the start
  reschedule_notice_minutes INTEGER NOT NULL,
  hold_minutes INTEGER NOT NULL,            -- how long a chosen time is kept while booking
  max_per_day INTEGER,                      -- bookings of one therapist on a local day; NULL: no limit
  max_active_per_client INTEGER,            -- coming bookings of one client; NULL: no limit
  revision INTEGER NOT NULL DEFAULT 1,      -- grows with every change of the configuration
  created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE practice_host (
  practice_id INTEGER NOT NULL REFERENCES practice,
  host TEXT NOT NULL UNIQUE,                -- lower case, without port
  position INTEGER NOT NULL,                -- the first is the canonical one
  PRIMARY KEY (practice_id, host)
) STRICT, WITHOUT ROWID;

-- Anything that can be in one place only: therapists and rooms.
CREATE TABLE resource (
  practice_id INTEGER NOT NULL REFERENCES practice,
  resource_id INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 2), -- 1 therapist, 2 room
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '',           -- therapists: links a staff account
  position INTEGER NOT NULL,                -- order in the practice file
  active INTEGER NOT NULL DEFAULT 1,        -- 0: no longer in the file, kept for its history
  PRIMARY KEY (practice_id, resource_id),
  UNIQUE (practice_id, kind, key)
) STRICT, WITHOUT ROWID;

-- Weekly working periods of a therapist, local wall time.
CREATE TABLE hours (
  practice_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6), -- Monday 0
  from_min INTEGER NOT NULL,
  to_min INTEGER NOT NULL,                  -- up to 1440
  PRIMARY KEY (practice_id, resource_id, weekday, from_min),
  FOREIGN KEY (practice_id, resource_id) REFERENCES resource
) STRICT, WITHOUT ROWID;

-- A date whose hours differ; the rows of a date replace all weekly hours of it.
CREATE TABLE hours_exception (
  practice_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  date INTEGER NOT NULL,                    -- days since 1970-01-01
  from_min INTEGER NOT NULL,                -- -1: closed all day
  to_min INTEGER NOT NULL,
  PRIMARY KEY (practice_id, resource_id, date, from_min),
  FOREIGN KEY (practice_id, resource_id) REFERENCES resource
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
  practice_id INTEGER NOT NULL REFERENCES practice,
  service_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  minutes INTEGER NOT NULL,                 -- the appointment itself
  buffer_before_minutes INTEGER NOT NULL,
  buffer_after_minutes INTEGER NOT NULL,
  price_minor INTEGER NOT NULL,             -- minor units of the practice's currency
  position INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (practice_id, service_id),
  UNIQUE (practice_id, key)
) STRICT, WITHOUT ROWID;

-- Who can give a service, and where. A service without rooms needs none.
CREATE TABLE service_resource (
  practice_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  PRIMARY KEY (practice_id, service_id, resource_id),
  FOREIGN KEY (practice_id, service_id) REFERENCES service,
  FOREIGN KEY (practice_id, resource_id) REFERENCES resource
) STRICT, WITHOUT ROWID;

CREATE TABLE client (
  practice_id INTEGER NOT NULL REFERENCES practice,
  client_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_fold TEXT NOT NULL,                  -- lower case, for finding
  email TEXT NOT NULL,
  email_fold TEXT NOT NULL,
  phone TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',            -- staff's own note
  language TEXT NOT NULL DEFAULT 'en',      -- of the mail they get
  merged_into INTEGER,                      -- the client this one was merged into
  created_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_by_email ON client (practice_id, email_fold);

CREATE TABLE booking (
  practice_id INTEGER NOT NULL REFERENCES practice,
  booking_id INTEGER NOT NULL,
  public_id TEXT NOT NULL,                  -- random behind the hour of its making, in the API and UIDs
  client_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  therapist_id INTEGER NOT NULL,
  room_id INTEGER,                          -- NULL: the service needs none
  therapist_chosen INTEGER NOT NULL,        -- 1: the client asked for this therapist
  starts_us INTEGER NOT NULL,               -- the appointment, buffers not counted
  ends_us INTEGER NOT NULL,
  before_minutes INTEGER NOT NULL,          -- buffers as they were when booked
  after_minutes INTEGER NOT NULL,
  status INTEGER NOT NULL CHECK (status BETWEEN 1 AND 4), -- confirmed, cancelled, done, no-show
  price_minor INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',            -- what the client wrote when booking
  language TEXT NOT NULL,
  sequence INTEGER NOT NULL DEFAULT 0,      -- iCalendar SEQUENCE
  token_nonce BLOB NOT NULL,                -- the manage link is derived from it and the key file
  token_hash BLOB NOT NULL,                 -- BLAKE2b of the manage link's token (public_id + secret)
  created_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, booking_id),
  UNIQUE (practice_id, public_id),
  FOREIGN KEY (practice_id, client_id) REFERENCES client,
  FOREIGN KEY (practice_id, service_id) REFERENCES service,
  FOREIGN KEY (practice_id, therapist_id) REFERENCES resource (practice_id, resource_id),
  FOREIGN KEY (practice_id, room_id) REFERENCES resource (practice_id, resource_id),
  CHECK (ends_us > starts_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_by_start ON booking (practice_id, starts_us);
CREATE INDEX booking_by_therapist ON booking (practice_id, therapist_id, starts_us);
CREATE INDEX booking_by_client ON booking (practice_id, client_id, starts_us);

-- What happened to a booking; rows are never changed.
CREATE TABLE booking_event (
  practice_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  booking_id INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  kind INTEGER NOT NULL,                    -- 1 booked, 2 moved, 3 cancelled, 4 done, 5 no-show, 6 reopened
  actor_kind INTEGER NOT NULL,              -- 1 system, 2 client, 3 staff
  user_id INTEGER,                          -- where staff
  old_starts_us INTEGER,                    -- before a move
  old_ends_us INTEGER,
  old_therapist_id INTEGER,
  starts_us INTEGER NOT NULL,               -- after it
  ends_us INTEGER NOT NULL,
  therapist_id INTEGER NOT NULL,
  room_id INTEGER,
  sequence INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (practice_id, event_id),
  FOREIGN KEY (practice_id, booking_id) REFERENCES booking
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_event_by_booking ON booking_event (practice_id, booking_id, event_id);

-- A time kept for somebody who is typing their details.
CREATE TABLE hold (
  practice_id INTEGER NOT NULL REFERENCES practice,
  hold_id INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  service_id INTEGER NOT NULL,
  therapist_id INTEGER NOT NULL,
  room_id INTEGER,
  therapist_chosen INTEGER NOT NULL,
  starts_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  renewals INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (practice_id, hold_id),
  UNIQUE (practice_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_by_expiry ON hold (practice_id, expires_us);

-- Time that a therapist does not work (holiday, lunch, course).
CREATE TABLE time_off (
  practice_id INTEGER NOT NULL REFERENCES practice,
  time_off_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, time_off_id),
  FOREIGN KEY (practice_id, resource_id) REFERENCES resource
) STRICT, WITHOUT ROWID;
CREATE INDEX time_off_by_resource ON time_off (practice_id, resource_id, from_us);

-- The heart: who or what is taken when. Half-open [from_us, to_us), buffers included.
-- The triggers below refuse any two rows of one resource that overlap; since all rows are disjoint,
-- the row that begins last before the new one and the first that begins inside it tell everything.
CREATE TABLE occupancy (
  practice_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3), -- 1 booking, 2 hold, 3 time off
  owner_id INTEGER NOT NULL,                -- booking_id, hold_id or time_off_id
  expires_us INTEGER,                       -- holds only
  PRIMARY KEY (practice_id, resource_id, from_us),
  FOREIGN KEY (practice_id, resource_id) REFERENCES resource,
  CHECK (to_us > from_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX occupancy_of_hold ON occupancy (practice_id, owner_id) WHERE kind = 2;

-- only sqlite
CREATE TRIGGER occupancy_insert BEFORE INSERT ON occupancy
BEGIN
  SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
    SELECT 1 FROM occupancy
    WHERE practice_id = NEW.practice_id AND resource_id = NEW.resource_id
      AND from_us >= NEW.from_us AND from_us < NEW.to_us)
  OR (
    SELECT to_us FROM occupancy
    WHERE practice_id = NEW.practice_id AND resource_id = NEW.resource_id
      AND from_us < NEW.from_us
    ORDER BY from_us DESC LIMIT 1) > NEW.from_us;
END;
CREATE TRIGGER occupancy_update BEFORE UPDATE OF practice_id, resource_id, from_us, to_us ON occupancy
BEGIN
  SELECT RAISE(ABORT, 'occupancy-is-replaced'); -- delete and insert: one door
END;
-- end

-- The answer given to an Idempotency-Key.
CREATE TABLE idempotency (
  practice_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,                       -- without the manage token, which is derived again
  booking_id INTEGER,
  created_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (practice_id, created_us);

-- Messages to be sent: written in the transaction of what they tell, delivered later.
CREATE TABLE outbox (
  practice_id INTEGER NOT NULL REFERENCES practice,
  outbox_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,                    -- 1 confirmed, 2 moved, 3 cancelled, 4 reminder
  booking_id INTEGER NOT NULL,
  event_id INTEGER,                         -- the booking_event it tells of
  recipient INTEGER NOT NULL,               -- 1 client, 2 therapist
  state INTEGER NOT NULL,                   -- 1 waiting, 2 sending, 3 sent, 4 failed, 5 dropped, 6 unsure
  not_before_us INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',      -- the server's reply, without addresses
  message_id TEXT NOT NULL,                 -- stable: a message is never sent twice
  created_us INTEGER NOT NULL,
  sent_us INTEGER,
  PRIMARY KEY (practice_id, outbox_id),
  FOREIGN KEY (practice_id, booking_id) REFERENCES booking
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (not_before_us) WHERE state = 1;
CREATE INDEX outbox_sending ON outbox (practice_id) WHERE state = 2;
CREATE INDEX outbox_trouble ON outbox (practice_id) WHERE state IN (4, 6);
CREATE INDEX outbox_by_booking ON outbox (practice_id, booking_id);

-- Staff.
CREATE TABLE staff_user (
  practice_id INTEGER NOT NULL REFERENCES practice,
  user_id INTEGER NOT NULL,
  email TEXT NOT NULL,
  email_fold TEXT NOT NULL,
  name TEXT NOT NULL,
  role INTEGER NOT NULL CHECK (role BETWEEN 1 AND 3), -- 1 owner, 2 therapist, 3 desk
  password_hash TEXT NOT NULL,              -- argon2id
  active INTEGER NOT NULL DEFAULT 1,
  created_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, user_id),
  UNIQUE (practice_id, email_fold)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_session (
  practice_id INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  created_us INTEGER NOT NULL,
  seen_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  agent TEXT NOT NULL DEFAULT '',           -- "Firefox on Linux", shown in the list of sessions
  PRIMARY KEY (practice_id, session_id),
  UNIQUE (practice_id, token_hash),
  FOREIGN KEY (practice_id, user_id) REFERENCES staff_user
) STRICT, WITHOUT ROWID;

-- Who did what, when; append-only.
CREATE TABLE audit (
  practice_id INTEGER NOT NULL,
  audit_id INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL,              -- 1 system, 2 client, 3 staff
  user_id INTEGER,
  action TEXT NOT NULL,                     -- "booking.moved"
  entity TEXT NOT NULL,                     -- "booking"
  entity_id INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT '',          -- what changed, as JSON; no health data
  PRIMARY KEY (practice_id, audit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_entity ON audit (practice_id, entity, entity_id);

-- only sqlite
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER booking_event_no_update BEFORE UPDATE ON booking_event
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER booking_event_no_delete BEFORE DELETE ON booking_event
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- end

-- What the planner should believe of a practice that has been at work for years: without it, it takes
-- practice_id alone for selective. (rows, then rows for each value of 1, 2, ... columns)
-- only sqlite
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('client', 'client', '100000 100000 1'),
  ('client', 'client_by_email', '100000 100000 2'),
  ('booking', 'booking', '1000000 1000000 1'),
  ('booking', 'sqlite_autoindex_booking_2', '1000000 1000000 1'),
  ('booking', 'booking_by_start', '1000000 1000000 3'),
  ('booking', 'booking_by_therapist', '1000000 1000000 20000 1'),
  ('booking', 'booking_by_client', '1000000 1000000 20 1'),
  ('booking_event', 'booking_event', '2000000 2000000 1'),
  ('booking_event', 'booking_event_by_booking', '2000000 2000000 2 1'),
  ('occupancy', 'occupancy', '2000000 2000000 20000 1'),
  ('occupancy', 'occupancy_of_hold', '20 20 2'),
  ('hold', 'hold', '20 20 1'),
  ('hold', 'hold_by_expiry', '20 20 1'),
  ('time_off', 'time_off', '1000 1000 1'),
  ('time_off', 'time_off_by_resource', '1000 1000 100 1'),
  ('outbox', 'outbox', '2000000 2000000 1'),
  ('outbox', 'outbox_due', '100 1'),
  ('outbox', 'outbox_sending', '1 1'),
  ('outbox', 'outbox_trouble', '10 10'),
  ('outbox', 'outbox_by_booking', '2000000 2000000 2'),
  ('idempotency', 'idempotency', '1000 1000 1'),
  ('idempotency', 'idempotency_by_age', '1000 1000 1'),
  ('audit', 'audit', '5000000 5000000 1'),
  ('audit', 'audit_by_entity', '5000000 5000000 1000000 5');
ANALYZE sqlite_schema;
-- end
