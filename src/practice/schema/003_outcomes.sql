-- Measured relief: what a client is asked and when, what they answered, the links by which they do.
-- Columns named `sealed` are health data: encrypted by field (base/seal.h), their place is
-- TABLE.sealed, practice_id and the row's id.

-- What a client has agreed to be asked.
CREATE TABLE care_plan (
  practice_id INTEGER NOT NULL REFERENCES practice,
  client_id INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3), -- 1 asking, 2 stopped by the client, 3 by staff
  per_week INTEGER NOT NULL,                -- evenings of a usual week: 0 (only around sessions) to 7
  evening_min INTEGER NOT NULL,             -- minutes of the day, the practice's wall time
  measures INTEGER NOT NULL,                -- bit set of what is asked besides pain
  run_in_days INTEGER NOT NULL,             -- daily before the first session
  trial_sessions INTEGER NOT NULL,          -- after so many the course is reviewed
  sealed BLOB NOT NULL,                     -- the activities that the client named
  next_us INTEGER NOT NULL,                 -- when the next day is to be planned
  started_us INTEGER NOT NULL,
  changed_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, client_id),
  FOREIGN KEY (practice_id, client_id) REFERENCES client
) STRICT, WITHOUT ROWID;
CREATE INDEX care_plan_due ON care_plan (next_us) WHERE state = 1;

-- A moment at which a client was asked, by mail.
CREATE TABLE prompt (
  practice_id INTEGER NOT NULL,
  prompt_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  due_us INTEGER NOT NULL,
  reason INTEGER NOT NULL CHECK (reason BETWEEN 1 AND 4), -- 1 usual evening, 2 before the first
                                            -- session, 3 the day after one, 4 three days after
  answered_us INTEGER,                      -- the first check-in that answered it
  PRIMARY KEY (practice_id, prompt_id),
  FOREIGN KEY (practice_id, client_id) REFERENCES client
) STRICT, WITHOUT ROWID;
CREATE INDEX prompt_by_client ON prompt (practice_id, client_id, due_us);

-- One time that a client said how they are. Rows are never changed: see checkin_correction.
CREATE TABLE checkin (
  practice_id INTEGER NOT NULL,
  checkin_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  at_us INTEGER NOT NULL,                   -- when they said it
  received_us INTEGER NOT NULL,             -- when it arrived: later where the phone was offline
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- 0 check-in, 1 before a session, 2 after it
  spontaneous INTEGER NOT NULL,             -- 1: not an answer to a prompt
  prompt_id INTEGER,                        -- kind 0: the prompt by whose link it came
  booking_id INTEGER,                       -- kinds 1 and 2
  entry_key TEXT NOT NULL,                  -- random, of the form: the same entry sent twice counts once
  sealed BLOB NOT NULL,                     -- the values
  PRIMARY KEY (practice_id, checkin_id),
  UNIQUE (practice_id, client_id, entry_key),
  FOREIGN KEY (practice_id, client_id) REFERENCES client,
  FOREIGN KEY (practice_id, booking_id) REFERENCES booking
) STRICT, WITHOUT ROWID;
CREATE INDEX checkin_by_client ON checkin (practice_id, client_id, at_us);

-- What a client said afterwards of one of their entries; the newest counts, the first is kept.
CREATE TABLE checkin_correction (
  practice_id INTEGER NOT NULL,
  checkin_id INTEGER NOT NULL,
  number INTEGER NOT NULL,                  -- 1, 2, ...
  at_us INTEGER NOT NULL,
  sealed BLOB NOT NULL,                     -- the values instead; empty: the entry was a mistake
  PRIMARY KEY (practice_id, checkin_id, number),
  FOREIGN KEY (practice_id, checkin_id) REFERENCES checkin
) STRICT, WITHOUT ROWID;

-- Pain clearly above the usual for more than two days after a session (evidence: safety screen).
CREATE TABLE adverse_event (
  practice_id INTEGER NOT NULL,
  booking_id INTEGER NOT NULL,              -- the session before it
  client_id INTEGER NOT NULL,
  noticed_us INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 2), -- 1 to be looked at, 2 seen
  seen_us INTEGER,
  user_id INTEGER,                          -- who saw it
  sealed BLOB NOT NULL,                     -- usual pain, pain then, hours; what staff noted
  PRIMARY KEY (practice_id, booking_id),
  FOREIGN KEY (practice_id, booking_id) REFERENCES booking,
  FOREIGN KEY (practice_id, client_id) REFERENCES client
) STRICT, WITHOUT ROWID;
CREATE INDEX adverse_event_open ON adverse_event (practice_id) WHERE state = 1;
CREATE INDEX adverse_event_by_client ON adverse_event (practice_id, client_id);

-- A client's way in without a password; the token itself is never stored.
CREATE TABLE personal_link (
  practice_id INTEGER NOT NULL,
  link_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  purpose INTEGER NOT NULL CHECK (purpose BETWEEN 1 AND 3), -- 1 check-in, 2 my page, 3 around a session
  subject_id INTEGER,                       -- 1: prompt_id; 3: booking_id
  nonce BLOB NOT NULL,                      -- the token is derived from it and the key file
  token_hash BLOB NOT NULL,                 -- BLAKE2b of the token
  created_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  revoked_us INTEGER,
  PRIMARY KEY (practice_id, link_id),
  UNIQUE (practice_id, token_hash),
  FOREIGN KEY (practice_id, client_id) REFERENCES client
) STRICT, WITHOUT ROWID;
CREATE INDEX personal_link_by_client ON personal_link (practice_id, client_id);
CREATE INDEX personal_link_by_expiry ON personal_link (practice_id, expires_us);

-- A client's wish that all be deleted; the row goes with everything else.
CREATE TABLE erasure_request (
  practice_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  asked_us INTEGER NOT NULL,
  PRIMARY KEY (practice_id, client_id),
  FOREIGN KEY (practice_id, client_id) REFERENCES client
) STRICT, WITHOUT ROWID;

-- Clients whose data was deleted: their rows stay without a name, for the accounts.
ALTER TABLE client ADD COLUMN erased_us INTEGER;

-- Messages now also tell of what is not a booking.
CREATE TABLE outbox_new (
  practice_id INTEGER NOT NULL REFERENCES practice,
  outbox_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,                    -- 1 confirmed, 2 moved, 3 cancelled, 4 reminder,
                                            -- 5 how are you, 6 link to my page
  booking_id INTEGER,                       -- 1 to 4
  event_id INTEGER,                         -- the booking_event it tells of
  client_id INTEGER,                        -- 5 and 6: who it goes to
  link_id INTEGER,                          -- 5 and 6: the personal_link in it
  recipient INTEGER NOT NULL,               -- 1 client, 2 therapist
  state INTEGER NOT NULL,                   -- 1 waiting, 2 sending, 3 sent, 4 failed, 5 dropped, 6 unsure
  not_before_us INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',      -- the server's reply, without addresses
  message_id TEXT NOT NULL,                 -- stable: a message is never sent twice
  created_us INTEGER NOT NULL,
  sent_us INTEGER,
  PRIMARY KEY (practice_id, outbox_id),
  FOREIGN KEY (practice_id, booking_id) REFERENCES booking,
  FOREIGN KEY (practice_id, client_id) REFERENCES client,
  CHECK ((booking_id IS NULL) <> (client_id IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_new (practice_id, outbox_id, kind, booking_id, event_id, recipient, state,
  not_before_us, attempts, last_error, message_id, created_us, sent_us)
  SELECT practice_id, outbox_id, kind, booking_id, event_id, recipient, state,
    not_before_us, attempts, last_error, message_id, created_us, sent_us FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (not_before_us) WHERE state = 1;
CREATE INDEX outbox_sending ON outbox (practice_id) WHERE state = 2;
CREATE INDEX outbox_trouble ON outbox (practice_id) WHERE state IN (4, 6);
CREATE INDEX outbox_by_booking ON outbox (practice_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX outbox_by_client ON outbox (practice_id, client_id) WHERE client_id IS NOT NULL;

-- only sqlite
-- History stays as it is, but the words that a client gave as a reason go when they are deleted.
DROP TRIGGER booking_event_no_update;
CREATE TRIGGER booking_event_no_update BEFORE UPDATE ON booking_event
WHEN NEW.reason <> '' OR (NEW.practice_id, NEW.event_id, NEW.booking_id, NEW.at_us, NEW.kind,
    NEW.actor_kind, NEW.starts_us, NEW.ends_us, NEW.therapist_id, NEW.sequence)
  IS NOT (OLD.practice_id, OLD.event_id, OLD.booking_id, OLD.at_us, OLD.kind,
    OLD.actor_kind, OLD.starts_us, OLD.ends_us, OLD.therapist_id, OLD.sequence)
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NEW.detail <> '' OR (NEW.practice_id, NEW.audit_id, NEW.at_us, NEW.actor_kind, NEW.user_id,
    NEW.action, NEW.entity, NEW.entity_id)
  IS NOT (OLD.practice_id, OLD.audit_id, OLD.at_us, OLD.actor_kind, OLD.user_id,
    OLD.action, OLD.entity, OLD.entity_id)
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('care_plan', 'care_plan', '10000 10000 1'),
  ('care_plan', 'care_plan_due', '10000 2'),
  ('prompt', 'prompt', '1000000 1000000 1'),
  ('prompt', 'prompt_by_client', '1000000 1000000 150 1'),
  ('checkin', 'checkin', '1000000 1000000 1'),
  ('checkin', 'sqlite_autoindex_checkin_2', '1000000 1000000 150 1'),
  ('checkin', 'checkin_by_client', '1000000 1000000 150 1'),
  ('checkin_correction', 'checkin_correction', '10000 10000 2 1'),
  ('adverse_event', 'adverse_event', '1000 1000 1'),
  ('adverse_event', 'adverse_event_open', '10 10'),
  ('adverse_event', 'adverse_event_by_client', '1000 1000 2'),
  ('personal_link', 'personal_link', '1000000 1000000 1'),
  ('personal_link', 'sqlite_autoindex_personal_link_2', '1000000 1000000 1'),
  ('personal_link', 'personal_link_by_client', '1000000 1000000 150'),
  ('personal_link', 'personal_link_by_expiry', '1000000 1000000 2'),
  ('outbox', 'outbox', '2000000 2000000 1'),
  ('outbox', 'outbox_due', '100 1'),
  ('outbox', 'outbox_sending', '1 1'),
  ('outbox', 'outbox_trouble', '10 10'),
  ('outbox', 'outbox_by_booking', '2000000 2000000 2'),
  ('outbox', 'outbox_by_client', '1000000 1000000 150');
ANALYZE sqlite_schema;
-- end
