import { v7 } from 'uuid';
import { z } from 'zod';

/** Agent Jay is an ordinary user with this id: he is a member of sessions and an author of messages. */
export const AGENT_ID = 'ai-agent';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const uuid = (what: string) =>
  z.string().regex(UUID_V7, `${what} must be a lower-case UUIDv7, e.g. 01890a5d-ac96-774b-bcce-b302099a8057`);

export const SessionId = uuid('A session id').brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const MessageId = uuid('A message id').brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const MutationId = uuid('A mutation id').brand<'MutationId'>();
export type MutationId = z.infer<typeof MutationId>;

export const ProjectId = uuid('A project id').brand<'ProjectId'>();
export type ProjectId = z.infer<typeof ProjectId>;

export const AttachmentId = uuid('An attachment id').brand<'AttachmentId'>();
export type AttachmentId = z.infer<typeof AttachmentId>;

export const PictureId = uuid('A picture id').brand<'PictureId'>();
export type PictureId = z.infer<typeof PictureId>;

export const MemoryId = uuid('A memory id').brand<'MemoryId'>();
export type MemoryId = z.infer<typeof MemoryId>;

/** A person, or Agent Jay. */
export const UserId = z
  .string()
  .refine(
    (id) => id === AGENT_ID || UUID_V7.test(id),
    `A user id must be a lower-case UUIDv7 or "${AGENT_ID}"`,
  )
  .brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

/** Whatever a client creates carries an id minted here, for life: there is no temporary id to swap. */
export const newSessionId = () => v7() as SessionId;
export const newMessageId = () => v7() as MessageId;
export const newMutationId = () => v7() as MutationId;
export const newAttachmentId = () => v7() as AttachmentId;
export const newProjectId = () => v7() as ProjectId;
export const newPictureId = () => v7() as PictureId;
export const newMemoryId = () => v7() as MemoryId;
export const newUserId = () => v7() as UserId;
