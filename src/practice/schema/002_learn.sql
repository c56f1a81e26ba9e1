-- Learn: what a practice wrote over Balm's own pages, and pages of its own.

-- Every version of a page that the practice saved; rows are never changed, the newest counts.
CREATE TABLE learn_page_revision (
  practice_id INTEGER NOT NULL REFERENCES practice,
  slug TEXT NOT NULL,                       -- the page, in its address: "lactic-acid"
  language TEXT NOT NULL,                   -- "en", "es"
  n INTEGER NOT NULL,                       -- 1, 2, 3 ... for each page and language
  text TEXT NOT NULL,                       -- front matter and Markdown; '': Balm's own text
  hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)), -- 1: visitors do not find the page
  at_us INTEGER NOT NULL,                   -- when it was saved
  user_id INTEGER NOT NULL,                 -- who saved it
  PRIMARY KEY (practice_id, slug, language, n),
  FOREIGN KEY (practice_id, user_id) REFERENCES staff_user,
  CHECK (n >= 1)
) STRICT, WITHOUT ROWID;

-- only sqlite
CREATE TRIGGER learn_page_revision_no_update BEFORE UPDATE ON learn_page_revision
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER learn_page_revision_no_delete BEFORE DELETE ON learn_page_revision
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- end
