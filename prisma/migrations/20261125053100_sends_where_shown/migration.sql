-- What an answer goes on from is needed while it is written, and with the words of one that was deleted it must go.
UPDATE "AgentTurn" SET kept = '' WHERE kept <> '' AND status NOT IN ('queued', 'streaming');

DROP FUNCTION append_sends(text[], text[], text[], text[], text[], text[], boolean[], text[], text);

-- Appends a batch of message.send. Ids must be distinct within one batch, and no message may be the parent of
-- another in the same batch (the caller cuts its batches so).
--
-- A message that names files (its id is in `with_files`) takes along the ready ones that its author claimed for it
-- ("Attachment"."claimedBy"), in their order.
--
-- One that says nothing of branches (not in `placed`) follows what is shown. Where that may be a version of a question
-- other than the first it is not appended but handed back as "branched".
--
-- outcome: created | answer (the empty message of the turn that the line before it asked for) | duplicate |
--          reused | not_found | left | no_parent | branched
CREATE FUNCTION append_sends(
  ids text[], session_ids text[], user_ids text[], contents text[], parent_ids text[], hashes text[],
  mentions boolean[], answer_ids text[], agent_id text, placed boolean[], with_files text[]
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
    SELECT * FROM unnest(ids, session_ids, user_ids, contents, parent_ids, hashes, mentions, answer_ids, placed)
      WITH ORDINALITY AS i(id, "sessionId", "userId", content, "parentId", hash, mentioned, "answerId", placed, ord)
  ),
  judged AS (
    SELECT i.*, e.seq AS "oldSeq", e."createdAt" AS "oldCreatedAt",
      CASE
        WHEN e.id IS NOT NULL AND e."userId" = i."userId" AND e."sendHash" = i.hash THEN 'duplicate'
        WHEN e.id IS NOT NULL THEN 'reused'
        WHEN m."userId" IS NULL THEN 'not_found'
        WHEN m."leftPos" IS NOT NULL THEN 'left'
        WHEN i."parentId" IS NOT NULL AND p.id IS NULL THEN 'no_parent'
        WHEN NOT i.placed AND s.forks <> '{}'
          AND s.forks @? '$.* ? (@.kind == "question" && @.shown != @.root)' THEN 'branched'
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
  files AS (
    SELECT a."claimedBy" AS "messageId", string_agg(a.name, ' ' ORDER BY a.place) AS names,
      string_agg(attachment_json(a), ',' ORDER BY a.place) AS list
    FROM "Attachment" a
    WHERE a."claimedBy" = ANY (with_files) AND a.status = 'ready' AND a."messageId" IS NULL
      AND EXISTS (SELECT FROM input i WHERE i.id = a."claimedBy" AND i."userId" = a."ownerId")
    GROUP BY 1
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
      n.id AS "questionId", n."userId" AS "askedBy",
      CASE n.part WHEN 1 THEN f.names END AS "fileNames", CASE n.part WHEN 1 THEN f.list END AS files
    FROM numbered n LEFT JOIN files f ON f."messageId" = n.id
  ),
  events AS (
    -- Written as text, not by json_build_object, which spends a seventh of each frame on blanks. Ids hold nothing
    -- that JSON would escape.
    SELECT w.*, format(
      '{"type":"message.created","sessionId":"%s","seq":%s,"message":{"id":"%s","sessionId":"%s","seq":%s,"userId":"%s",'
      '"role":"%s","messageType":"text","content":%s,"parentId":%s,"createdAt":"%s","editedAt":null,"deletedAt":null,'
      '"reactions":{},"feedback":null,"attachments":[%s],"turn":%s}}',
      w."sessionId", w.seq, w.id, w."sessionId", w.seq, w."userId", w.role, to_json(w.content)::text,
      coalesce('"' || w."parentId" || '"', 'null'), iso_ms(moment), coalesce(w.files, ''),
      CASE w.part WHEN 2 THEN
        '{"status":"streaming","model":null,"provider":null,"promptTokens":null,"completionTokens":null,'
        '"timeToFirstTokenMs":null,"aiResponseTime":null,"versionOf":null,"error":null}' ELSE 'null' END
    ) AS payload
    FROM written w
  ),
  messages_in AS (
    INSERT INTO "ChatMessage" (id, "sessionId", seq, "userId", role, content, "sendHash", "parentId", "createdAt",
      "fileNames")
    SELECT w.id, w."sessionId", w.seq, w."userId", w.role, w.content, w.hash, w."parentId", moment,
      coalesce(w."fileNames", '')
    FROM written w
  ),
  files_taken AS (
    UPDATE "Attachment" a SET "messageId" = w.id FROM written w
    WHERE w.files IS NOT NULL AND a."claimedBy" = w.id AND a."ownerId" = w."userId" AND a.status = 'ready'
      AND a."messageId" IS NULL
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
