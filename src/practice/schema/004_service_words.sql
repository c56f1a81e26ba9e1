-- Services in the languages of their readers.

-- The name and description of a service in a language other than the practice's own.
CREATE TABLE service_words (
  practice_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  language TEXT NOT NULL,                   -- two letters
  name TEXT NOT NULL DEFAULT '',            -- empty: as in the practice's own
  description TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (practice_id, service_id, language),
  FOREIGN KEY (practice_id, service_id) REFERENCES service
) STRICT, WITHOUT ROWID;
