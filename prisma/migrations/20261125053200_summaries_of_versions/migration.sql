-- AlterTable
ALTER TABLE "SessionSummary" ADD COLUMN     "versions" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- They may tell of what another version of a question led to, and are written anew when one is needed.
DELETE FROM "SessionSummary" y USING "ChatSession" s
WHERE s.id = y."sessionId" AND s.forks @? '$.* ? (@.kind == "question")';
