-- CreateTable
CREATE TABLE "ServerNode" (
    "id" TEXT NOT NULL,
    "release" TEXT NOT NULL,
    "schema" TEXT NOT NULL,
    "secretMark" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ServerNode_pkey" PRIMARY KEY ("id")
);
