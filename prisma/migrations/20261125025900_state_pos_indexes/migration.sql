-- CreateIndex
CREATE INDEX "ChatMember_sessionId_statePos_idx" ON "ChatMember"("sessionId", "statePos");

-- CreateIndex
CREATE INDEX "ChatMember_statePos_idx" ON "ChatMember"("statePos");

-- CreateIndex
CREATE INDEX "Draft_statePos_idx" ON "Draft"("statePos");

-- CreateIndex
CREATE INDEX "MessageFeedback_statePos_idx" ON "MessageFeedback"("statePos");

-- CreateIndex
CREATE INDEX "User_statePos_idx" ON "User"("statePos");
