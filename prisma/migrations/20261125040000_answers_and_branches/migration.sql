-- AlterTable
ALTER TABLE "AgentTurn" ADD COLUMN     "continues" TEXT,
ADD COLUMN     "costMicros" INTEGER,
ADD COLUMN     "fallback" JSONB,
ADD COLUMN     "kept" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "ChatMessage" ADD COLUMN     "branch" TEXT,
ADD COLUMN     "branchOf" TEXT;

-- AlterTable
ALTER TABLE "ChatSession" ADD COLUMN     "forks" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "ModelUse" (
    "userId" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "answers" INTEGER NOT NULL DEFAULT 0,
    "promptTokens" INTEGER NOT NULL DEFAULT 0,
    "completionTokens" INTEGER NOT NULL DEFAULT 0,
    "costMicros" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "ModelUse_pkey" PRIMARY KEY ("userId","day","provider","model")
);

-- AddForeignKey
ALTER TABLE "ModelUse" ADD CONSTRAINT "ModelUse_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
