-- Moves receipt marks forward, a batch at a time, and writes the times of delivery and reading per recipient.
-- A mark never passes the session's last event, and reading implies delivery (invariant 13). What is read while
-- settings.privacy.showReading is false moves the person's own mark alone, at a position (own_pos) that only their
-- devices are told of; pos is null when others have nothing new to see. Only the rows of messages that a mark passes are
-- touched: all others wait behind the log's head meanwhile, however much somebody has not read.
--
-- outcome: moved | unchanged | not_found | left
CREATE OR REPLACE FUNCTION append_marks(session_ids text[], user_ids text[], delivered int[], read int[]) RETURNS TABLE (
  ord int, outcome text, session_id text, user_id text, pos bigint, delivered_seq int, read_seq int,
  own_pos bigint, own_read_seq int
)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  head bigint;
  first bigint;
  moment timestamptz;
  mark record;
  new_delivered int;
  new_read int;
  new_shown int;
  shows boolean;
BEGIN
  SELECT h.pos INTO STRICT head FROM "LogHead" h WHERE h.id = 1 FOR UPDATE;
  first := head;
  moment := date_trunc('milliseconds', clock_timestamp());
  FOR mark IN
    SELECT i.ord::int AS ord, i."sessionId", i."userId", i.delivered, i.read
    FROM unnest(session_ids, user_ids, delivered, read) WITH ORDINALITY AS i("sessionId", "userId", delivered, read, ord)
    ORDER BY i.ord
  LOOP
    ord := mark.ord; session_id := mark."sessionId"; user_id := mark."userId"; pos := NULL; own_pos := NULL;
    DECLARE
      member "ChatMember"%ROWTYPE;
      last int;
    BEGIN
      SELECT * INTO member FROM "ChatMember" m WHERE m."sessionId" = mark."sessionId" AND m."userId" = mark."userId";
      IF NOT FOUND THEN outcome := 'not_found'; RETURN NEXT; CONTINUE; END IF;
      IF member."leftPos" IS NOT NULL THEN outcome := 'left'; RETURN NEXT; CONTINUE; END IF;
      SELECT s."lastSeq" INTO last FROM "ChatSession" s WHERE s.id = mark."sessionId";
      new_read := greatest(member."readSeq", least(coalesce(mark.read, 0), last));
      new_delivered := greatest(member."deliveredSeq", least(coalesce(mark.delivered, 0), last), new_read);
      delivered_seq := new_delivered; own_read_seq := new_read; read_seq := member."shownReadSeq";
      IF new_read = member."readSeq" AND new_delivered = member."deliveredSeq" THEN
        outcome := 'unchanged'; RETURN NEXT; CONTINUE;
      END IF;
      SELECT coalesce(u.settings -> 'privacy' ->> 'showReading', 'true') <> 'false' INTO shows
      FROM "User" u WHERE u.id = mark."userId";
      new_shown := CASE WHEN shows AND new_read > member."readSeq" THEN new_read ELSE member."shownReadSeq" END;
      read_seq := new_shown;
      IF new_shown > member."shownReadSeq" OR new_delivered > member."deliveredSeq" THEN
        head := head + 1; pos := head;
      END IF;
      IF new_read > new_shown THEN
        head := head + 1; own_pos := head;
      END IF;
      UPDATE "ChatMember" m
      SET "readSeq" = new_read, "shownReadSeq" = new_shown, "deliveredSeq" = new_delivered,
        "statePos" = head, "shownPos" = coalesce(pos, member."shownPos")
      WHERE m."sessionId" = mark."sessionId" AND m."userId" = mark."userId";
      -- First what was delivered before and is read now, then what is delivered now; the two never overlap.
      INSERT INTO "MessageDelivery" ("messageId", "userId", "deliveredAt", "readAt")
      SELECT c.id, mark."userId", moment, CASE WHEN shows AND c.seq <= new_read THEN moment END
      FROM (VALUES
        (member."readSeq", CASE WHEN shows THEN least(new_read, member."deliveredSeq") ELSE 0 END),
        (member."deliveredSeq", new_delivered)
      ) AS passed(low, high)
      JOIN "ChatMessage" c ON c."sessionId" = mark."sessionId" AND c.seq > passed.low AND c.seq <= passed.high
      WHERE c."userId" <> mark."userId"
      ON CONFLICT ("messageId", "userId") DO UPDATE
      SET "deliveredAt" = coalesce("MessageDelivery"."deliveredAt", excluded."deliveredAt"),
          "readAt" = coalesce("MessageDelivery"."readAt", excluded."readAt")
      WHERE "MessageDelivery"."deliveredAt" IS NULL
        OR ("MessageDelivery"."readAt" IS NULL AND excluded."readAt" IS NOT NULL);
      outcome := 'moved';
      RETURN NEXT;
    END;
  END LOOP;
  IF head > first THEN
    UPDATE "LogHead" h SET pos = head WHERE h.id = 1;
  END IF;
END $$;
