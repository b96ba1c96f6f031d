-- DropIndex
DROP INDEX "Project_ownerId_idx";

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "deletedAt" TIMESTAMPTZ(3),
ADD COLUMN     "statePos" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "Memory" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "sourceMessageId" TEXT,
    "sourceSessionId" TEXT,
    "statePos" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Memory_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SessionSummary" (
    "sessionId" TEXT NOT NULL,
    "fromSeq" INTEGER NOT NULL,
    "coversSeq" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "model" TEXT,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SessionSummary_pkey" PRIMARY KEY ("sessionId")
);

-- CreateIndex
CREATE INDEX "Memory_userId_statePos_idx" ON "Memory"("userId", "statePos");

-- CreateIndex
CREATE INDEX "Memory_sourceMessageId_idx" ON "Memory"("sourceMessageId");

-- CreateIndex
CREATE INDEX "Project_ownerId_statePos_idx" ON "Project"("ownerId", "statePos");

-- AddForeignKey
ALTER TABLE "Memory" ADD CONSTRAINT "Memory_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SessionSummary" ADD CONSTRAINT "SessionSummary_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;
