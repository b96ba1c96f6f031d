-- CreateIndex
CREATE INDEX "AppliedMutation_userId_idx" ON "AppliedMutation"("userId");
