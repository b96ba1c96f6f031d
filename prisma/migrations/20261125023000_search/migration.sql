-- Words of messages and of their files' names, found however they are written: without capitals and accents, as they
-- stand (weight A) and by their English stems (weight D).
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TEXT SEARCH CONFIGURATION chat_simple (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION chat_simple
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
CREATE TEXT SEARCH CONFIGURATION chat_english (COPY = english);
ALTER TEXT SEARCH CONFIGURATION chat_english
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;

ALTER TABLE "ChatMessage" ADD COLUMN words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('chat_simple'::regconfig, content || ' ' || translate("fileNames", '._-()[]+&', '         ')), 'A')
  || setweight(to_tsvector('chat_english'::regconfig, content), 'D')
) STORED;

-- By conversation first: a search costs what the searcher's own conversations hold, not what everybody wrote.
DROP INDEX "ChatMessage_content_fts";
CREATE INDEX "ChatMessage_search" ON "ChatMessage" USING gin ("sessionId", words);

-- Every word must stand in a message: as the beginning of one of its words, or as another form of the same English one.
-- Words hold letters and digits alone.
CREATE FUNCTION search_query(searched text[]) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  word text;
  whole tsquery;
  one tsquery;
BEGIN
  FOREACH word IN ARRAY searched LOOP
    one := to_tsquery('chat_simple', quote_literal(word) || ':*') || to_tsquery('chat_english', quote_literal(word));
    whole := CASE WHEN whole IS NULL THEN one ELSE whole && one END;
  END LOOP;
  RETURN whole;
END $$;
