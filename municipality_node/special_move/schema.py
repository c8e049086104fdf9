"""SQL by which the file itself notes that a 転出届 which was told beforehand may have to be told again."""

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
