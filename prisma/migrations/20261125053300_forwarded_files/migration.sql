-- AlterTable
ALTER TABLE "Attachment" ADD COLUMN     "bytesId" TEXT;

-- CreateIndex
CREATE INDEX "Attachment_bytesId_idx" ON "Attachment"("bytesId");
