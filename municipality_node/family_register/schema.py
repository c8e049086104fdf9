"""Tables of the 戸籍の附票."""

SUPPLEMENTARY_REGISTER = """
CREATE TABLE supplementary_entry (
  id INTEGER PRIMARY KEY,
  area_code TEXT NOT NULL,
  registered_domicile TEXT NOT NULL,
  registered_head TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  sex INTEGER NOT NULL,
  code INTEGER NOT NULL, -- 0 while unknown
  address TEXT NOT NULL,
  settled_date TEXT NOT NULL,
  moved_abroad INTEGER NOT NULL,
  told_by TEXT NOT NULL,
  told_on TEXT NOT NULL, -- '' before any 住所 was told
  from_family_register INTEGER NOT NULL,
  removed_date TEXT NOT NULL DEFAULT '',
  transferred_to TEXT NOT NULL DEFAULT '',
  former_name TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX supplementary_entry_by_register
  ON supplementary_entry (area_code, registered_domicile, registered_head, name);
CREATE TABLE supplementary_address ( -- what the entry said before
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL REFERENCES supplementary_entry(id),
  address TEXT NOT NULL,
  settled_date TEXT NOT NULL,
  moved_abroad INTEGER NOT NULL,
  told_by TEXT NOT NULL,
  told_on TEXT NOT NULL
) STRICT;
CREATE INDEX supplementary_address_by_entry ON supplementary_address (entry_id);
CREATE TABLE supplementary_notice_heard (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE supplementary_mismatch (
  id INTEGER PRIMARY KEY,
  found_here INTEGER NOT NULL,
  by_line INTEGER NOT NULL,
  digest BLOB NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (found_here, digest)
) STRICT;
CREATE TABLE family_registration_waiting (
  id INTEGER PRIMARY KEY,
  last_fault TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
"""
