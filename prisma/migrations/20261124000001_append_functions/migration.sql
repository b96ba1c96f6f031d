-- The hot writes of the log, each one statement and one commit for a whole batch.
--
-- They are plpgsql and VOLATILE on purpose: under READ COMMITTED every statement inside takes a fresh snapshot, so
-- whatever follows the lock on "LogHead" sees everything that was committed before it. Checking and numbering are
-- therefore exact, also with several nodes appending (invariants 1-3).

CREATE FUNCTION iso_ms(moment timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Appends a batch of message.send. Ids must be distinct within one batch, and no message may be the parent of
-- another in the same batch (the caller cuts its batches so).
--
-- outcome: created | answer (the empty message of the turn that the line before it asked for) | duplicate |
--          reused | not_found | left | no_parent
CREATE FUNCTION append_sends(
  ids text[], session_ids text[], user_ids text[], contents text[], parent_ids text[], hashes text[],
  mentions boolean[], answer_ids text[], agent_id text
) RETURNS TABLE (
  ord int, outcome text, message_id text, session_id text, pos bigint, seq int, created_at timestamptz, payload text
)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  head bigint;
  moment timestamptz;
BEGIN
  SELECT h.pos INTO STRICT head FROM "LogHead" h WHERE h.id = 1 FOR UPDATE;
  moment := date_trunc('milliseconds', clock_timestamp());
  RETURN QUERY
  WITH input AS (
    SELECT * FROM unnest(ids, session_ids, user_ids, contents, parent_ids, hashes, mentions, answer_ids)
      WITH ORDINALITY AS i(id, "sessionId", "userId", content, "parentId", hash, mentioned, "answerId", ord)
  ),
  judged AS (
    SELECT i.*, e.seq AS "oldSeq", e."createdAt" AS "oldCreatedAt",
      CASE
        WHEN e.id IS NOT NULL AND e."userId" = i."userId" AND e."sendHash" = i.hash THEN 'duplicate'
        WHEN e.id IS NOT NULL THEN 'reused'
        WHEN m."userId" IS NULL THEN 'not_found'
        WHEN m."leftPos" IS NOT NULL THEN 'left'
        WHEN i."parentId" IS NOT NULL AND p.id IS NULL THEN 'no_parent'
        ELSE 'created'
      END AS verdict,
      a."userId" IS NOT NULL AND i."userId" <> agent_id AND (
        i.mentioned OR p."userId" = agent_id OR NOT (s."isGroupChat" OR (
          SELECT count(*) > 1 FROM "ChatMember" o
          WHERE o."sessionId" = i."sessionId" AND o."leftPos" IS NULL AND o.role <> 'agent'
        ))
      ) AS asks
    FROM input i
    LEFT JOIN "ChatMessage" e ON e.id = i.id
    LEFT JOIN "ChatSession" s ON s.id = i."sessionId"
    LEFT JOIN "ChatMember" m ON m."sessionId" = i."sessionId" AND m."userId" = i."userId"
    LEFT JOIN "ChatMember" a ON a."sessionId" = i."sessionId" AND a."userId" = agent_id AND a."leftPos" IS NULL
    LEFT JOIN "ChatMessage" p ON p.id = i."parentId" AND p."sessionId" = i."sessionId" AND p.seq >= m."joinSeq"
  ),
  numbered AS (
    SELECT j.*, k.part,
      head + row_number() OVER (ORDER BY j.ord, k.part) AS pos,
      (s."lastSeq" + row_number() OVER (PARTITION BY j."sessionId" ORDER BY j.ord, k.part))::int AS seq
    FROM judged j
    JOIN "ChatSession" s ON s.id = j."sessionId"
    CROSS JOIN (VALUES (1), (2)) AS k(part)
    WHERE j.verdict = 'created' AND (k.part = 1 OR j.asks)
  ),
  written AS (
    SELECT n.ord, n.part, n.pos, n.seq, n."sessionId",
      CASE n.part WHEN 1 THEN n.id ELSE n."answerId" END AS id,
      CASE n.part WHEN 1 THEN n."userId" ELSE agent_id END AS "userId",
      CASE n.part WHEN 1 THEN 'user' ELSE 'assistant' END AS role,
      CASE n.part WHEN 1 THEN n.content ELSE '' END AS content,
      CASE n.part WHEN 1 THEN n.hash ELSE '' END AS hash,
      CASE n.part WHEN 1 THEN n."parentId" ELSE NULL END AS "parentId",
      n.id AS "questionId", n."userId" AS "askedBy"
    FROM numbered n
  ),
  events AS (
    -- Written as text, not by json_build_object, which spends a seventh of each frame on blanks. Ids hold nothing
    -- that JSON would escape.
    SELECT w.*, format(
      '{"type":"message.created","sessionId":"%s","seq":%s,"message":{"id":"%s","sessionId":"%s","seq":%s,"userId":"%s",'
      '"role":"%s","messageType":"text","content":%s,"parentId":%s,"createdAt":"%s","editedAt":null,"deletedAt":null,'
      '"reactions":{},"feedback":null,"attachments":[],"turn":%s}}',
      w."sessionId", w.seq, w.id, w."sessionId", w.seq, w."userId", w.role, to_json(w.content)::text,
      coalesce('"' || w."parentId" || '"', 'null'), iso_ms(moment),
      CASE w.part WHEN 2 THEN
        '{"status":"streaming","model":null,"provider":null,"promptTokens":null,"completionTokens":null,'
        '"timeToFirstTokenMs":null,"aiResponseTime":null,"versionOf":null,"error":null}' ELSE 'null' END
    ) AS payload
    FROM written w
  ),
  messages_in AS (
    INSERT INTO "ChatMessage" (id, "sessionId", seq, "userId", role, content, "sendHash", "parentId", "createdAt")
    SELECT w.id, w."sessionId", w.seq, w."userId", w.role, w.content, w.hash, w."parentId", moment FROM written w
  ),
  turns_in AS (
    INSERT INTO "AgentTurn" ("messageId", "sessionId", "questionId", "askedBy", "createdAt")
    SELECT w.id, w."sessionId", w."questionId", w."askedBy", moment FROM written w WHERE w.part = 2
  ),
  events_in AS (
    INSERT INTO "ChatEvent" (pos, "sessionId", seq, type, payload, "createdAt")
    SELECT e.pos, e."sessionId", e.seq, 'message.created', e.payload::json, moment FROM events e
  ),
  sessions_moved AS (
    UPDATE "ChatSession" s
    SET "lastSeq" = c.seq, "totalMessages" = s."totalMessages" + c.total, "lastActivity" = moment, "updatedAt" = moment
    FROM (SELECT w."sessionId", max(w.seq) AS seq, count(*)::int AS total FROM written w GROUP BY 1) c
    WHERE s.id = c."sessionId"
  ),
  head_moved AS (
    UPDATE "LogHead" h SET pos = head + (SELECT count(*) FROM written) WHERE h.id = 1 AND EXISTS (SELECT FROM written)
  )
  SELECT e.ord::int, CASE e.part WHEN 1 THEN 'created' ELSE 'answer' END, e.id, e."sessionId", e.pos, e.seq, moment,
    e.payload
  FROM events e
  UNION ALL
  SELECT j.ord::int, j.verdict, j.id, j."sessionId", NULL, j."oldSeq", j."oldCreatedAt", NULL
  FROM judged j WHERE j.verdict <> 'created'
  ORDER BY 1, 5;
END $$;

-- Moves receipt marks forward, a batch at a time, and writes the times of delivery and reading per recipient.
-- A mark never passes the session's last event, and reading implies delivery (invariant 13).
--
-- outcome: moved | unchanged | not_found | left
CREATE FUNCTION append_marks(session_ids text[], user_ids text[], delivered int[], read int[]) RETURNS TABLE (
  ord int, outcome text, session_id text, user_id text, pos bigint, delivered_seq int, read_seq int
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
BEGIN
  SELECT h.pos INTO STRICT head FROM "LogHead" h WHERE h.id = 1 FOR UPDATE;
  first := head;
  moment := date_trunc('milliseconds', clock_timestamp());
  FOR mark IN
    SELECT i.ord::int AS ord, i."sessionId", i."userId", i.delivered, i.read
    FROM unnest(session_ids, user_ids, delivered, read) WITH ORDINALITY AS i("sessionId", "userId", delivered, read, ord)
    ORDER BY i.ord
  LOOP
    ord := mark.ord; session_id := mark."sessionId"; user_id := mark."userId"; pos := NULL;
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
      delivered_seq := new_delivered; read_seq := new_read;
      IF new_read = member."readSeq" AND new_delivered = member."deliveredSeq" THEN
        outcome := 'unchanged'; RETURN NEXT; CONTINUE;
      END IF;
      head := head + 1;
      UPDATE "ChatMember" m SET "readSeq" = new_read, "deliveredSeq" = new_delivered, "statePos" = head
      WHERE m."sessionId" = mark."sessionId" AND m."userId" = mark."userId";
      INSERT INTO "MessageDelivery" ("messageId", "userId", "deliveredAt", "readAt")
      SELECT c.id, mark."userId", moment, CASE WHEN c.seq <= new_read THEN moment END
      FROM "ChatMessage" c
      WHERE c."sessionId" = mark."sessionId" AND c."userId" <> mark."userId"
        AND c.seq > least(member."deliveredSeq", member."readSeq") AND c.seq <= new_delivered
      ON CONFLICT ("messageId", "userId") DO UPDATE
      SET "deliveredAt" = coalesce("MessageDelivery"."deliveredAt", excluded."deliveredAt"),
          "readAt" = coalesce("MessageDelivery"."readAt", excluded."readAt");
      outcome := 'moved'; pos := head;
      RETURN NEXT;
    END;
  END LOOP;
  IF head > first THEN
    UPDATE "LogHead" h SET pos = head WHERE h.id = 1;
  END IF;
END $$;

-- Full text over messages; words are matched as they are written, in any language.
CREATE INDEX "ChatMessage_content_fts" ON "ChatMessage" USING gin (to_tsvector('simple', content));
