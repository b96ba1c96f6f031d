-- AlterTable
ALTER TABLE "ChatMessage" ADD COLUMN     "forwarded" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "pinnedAt" TIMESTAMPTZ(3),
ADD COLUMN     "withdrawn" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "MessageEdit" (
    "messageId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MessageEdit_pkey" PRIMARY KEY ("messageId","seq")
);

-- CreateTable
CREATE TABLE "MessageStar" (
    "messageId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "starredAt" TIMESTAMPTZ(3),
    "statePos" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "MessageStar_pkey" PRIMARY KEY ("messageId","userId")
);

-- CreateTable
CREATE TABLE "SessionMine" (
    "userId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "pinnedAt" TIMESTAMPTZ(3),
    "mutedUntil" TIMESTAMPTZ(3),
    "archivedAt" TIMESTAMPTZ(3),
    "markedUnread" BOOLEAN NOT NULL DEFAULT false,
    "statePos" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "SessionMine_pkey" PRIMARY KEY ("userId","sessionId")
);

-- CreateTable
CREATE TABLE "ThreadMark" (
    "userId" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "readSeq" INTEGER NOT NULL,
    "statePos" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "ThreadMark_pkey" PRIMARY KEY ("userId","messageId")
);

-- CreateIndex
CREATE INDEX "MessageStar_userId_statePos_idx" ON "MessageStar"("userId", "statePos");

-- CreateIndex
CREATE INDEX "SessionMine_userId_statePos_idx" ON "SessionMine"("userId", "statePos");

-- CreateIndex
CREATE INDEX "ThreadMark_userId_statePos_idx" ON "ThreadMark"("userId", "statePos");

-- AddForeignKey
ALTER TABLE "MessageEdit" ADD CONSTRAINT "MessageEdit_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "ChatMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MessageStar" ADD CONSTRAINT "MessageStar_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "ChatMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MessageStar" ADD CONSTRAINT "MessageStar_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SessionMine" ADD CONSTRAINT "SessionMine_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SessionMine" ADD CONSTRAINT "SessionMine_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ThreadMark" ADD CONSTRAINT "ThreadMark_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ThreadMark" ADD CONSTRAINT "ThreadMark_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;
