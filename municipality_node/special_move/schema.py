"""SQL by which the file itself notes that a 転出届 which was told beforehand may have to be told again."""

MOVE_OUT = """
CREATE TABLE move_out (
  id INTEGER PRIMARY KEY,
  head_id INTEGER NOT NULL,
  with_card INTEGER NOT NULL,
  online INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE move_out_person (
  move_out_id INTEGER NOT NULL REFERENCES move_out(id),
  resident_id INTEGER NOT NULL REFERENCES resident(id),
  relationship TEXT NOT NULL,
  member INTEGER NOT NULL, -- place in the certificate, -1 of who stays
  leaving INTEGER NOT NULL,
  PRIMARY KEY (move_out_id, resident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX move_out_person_by_resident ON move_out_person (resident_id, leaving);
CREATE TABLE move_out_pre_notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  area_code TEXT NOT NULL,
  former_area_code TEXT NOT NULL,
  erase_date TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX move_out_pre_notice_erase ON move_out_pre_notice (erase_date);
CREATE TABLE move_out_pre_notice_person (
  notice_id INTEGER NOT NULL REFERENCES move_out_pre_notice(id),
  code INTEGER NOT NULL,
  PRIMARY KEY (code, notice_id)
) STRICT, WITHOUT ROWID;
"""
TOLD_AGAIN = """
ALTER TABLE move_out ADD COLUMN told_to TEXT NOT NULL DEFAULT '';
ALTER TABLE move_out ADD COLUMN told_digest BLOB NOT NULL DEFAULT x'';
ALTER TABLE move_out ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX move_out_changed ON move_out (id) WHERE changed = 1;
ALTER TABLE move_out_pre_notice ADD COLUMN move_out_id INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER move_out_resident_changed AFTER UPDATE ON resident BEGIN
  UPDATE move_out SET changed = 1 WHERE told_to <> '' AND changed = 0 AND id IN (SELECT p.move_out_id
    FROM resident r JOIN move_out_person p ON p.resident_id = r.id
    WHERE r.code IN (old.code, new.code) AND p.leaving = 1);
END;
CREATE TRIGGER move_out_foreign_items_changed AFTER INSERT ON foreign_items BEGIN
  UPDATE move_out SET changed = 1 WHERE told_to <> '' AND changed = 0 AND id IN (SELECT p.move_out_id
    FROM resident c JOIN resident r ON r.code = c.code JOIN move_out_person p ON p.resident_id = r.id
    WHERE c.id = new.resident_id AND p.leaving = 1);
END;
CREATE TRIGGER move_out_taken_back AFTER UPDATE OF leaving ON move_out_person BEGIN
  UPDATE move_out SET changed = 1 WHERE id = new.move_out_id AND told_to <> '' AND changed = 0;
END;
"""
