/** Numbers that both sides must agree on. Lengths are UTF-16 units, times are milliseconds. */
export const limits = {
  messageLength: 16_000,
  nameLength: 80,
  titleLength: 200,
  reasonLength: 2_000,
  activityLength: 80,
  emojiLength: 32,
  queryLength: 200,
  /** Bytes of one HTTP request body; holds one hundred of the longest messages in any script. */
  bodyBytes: 6_500_000,
  /** The same where a picture may come along, and where all that may be said is short. */
  pictureBodyBytes: 500_000,
  smallBodyBytes: 256_000,
  messagesPerPage: 200,
  messagesPerSessionInSnapshot: 50,
  outboxPushMutations: 100,
  /** Of a project: field, stage and supervisor; what is noted about it. */
  projectLineLength: 120,
  projectNotesLength: 4_000,
  projectsPerPerson: 50,
  memoryLength: 240,
  memoriesPerPerson: 200,
  /** Of a conversation's context, as JSON. */
  sessionContextLength: 4_000,
  participantsByDefault: 10,
  participantsAtMost: 5_000,
  /** Within this, a message that nobody has read can be taken back without a trace on screen. */
  undoSendMs: 60_000,
  invitationHours: 168,
  invitationHoursAtMost: 720,
  typingExpiresMs: 6_000,
  presenceExpiresMs: 30_000,
  cursorLength: 64,
  /** Answers that a client may say it holds the beginning of. */
  heldAnswers: 20,
  /** Of one question or answer. */
  versions: 50,
  /** Of one sync.verify: conversations, blocks in all of them, and how many seqs one block spans. */
  verifySessions: 50,
  verifyBlocks: 64,
  verifyBlockSeqs: 256,
  /** Of one file, of all files of one person, and of one message. */
  attachmentBytes: 25_000_000,
  attachmentBytesPerPerson: 1_000_000_000,
  attachmentsPerMessage: 20,
  attachmentNameLength: 200,
  /** A picture of more pixels than this is not unpacked. */
  attachmentPixels: 50_000_000,
  /** Of a person or a group: pixels a side, and its bytes in base64 as they go up. */
  pictureSide: 256,
  pictureCharacters: 200_000,
} as const;
