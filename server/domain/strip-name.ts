import type { UserId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';

/**
 * Puts another name in the place of a person's wherever the log, or what others were answered, tells it to those who are
 * or were in these conversations. What a device catches up on later, or somebody exports, then no longer holds it.
 */
export async function stripName(
  { tx }: Change,
  userId: UserId,
  sessionIds: readonly string[],
  name: string,
): Promise<void> {
  const sessions = [...sessionIds];
  // As text: an event is replayed as it was first written. A quote inside of a word is escaped, and never matches.
  const named = String.raw`("userId":"${userId}","name":")(?:\\.|[^"\\])*"`;
  await tx.$executeRaw`
    UPDATE "ChatEvent" SET payload = regexp_replace(payload::text, ${named}, ${String.raw`\1${name}"`}, 'g')::json
    WHERE "sessionId" = ANY (${sessions}) AND type IN ('session.created', 'session.updated', 'member.joined')
      AND payload::text LIKE ${`%"userId":"${userId}","name":%`}`;
  // Conversations list their members, and a profile whom its owner has blocked.
  for (const list of ['members', 'blocked'])
    await tx.$executeRaw`
      UPDATE "AppliedMutation" a SET result = jsonb_set(a.result, ARRAY[${list}], (
        SELECT jsonb_agg(CASE WHEN listed.person ->> 'userId' = ${userId}
          THEN listed.person || jsonb_build_object('name', ${name}::text) ELSE listed.person END ORDER BY listed.place)
        FROM jsonb_array_elements(a.result -> ${list}) WITH ORDINALITY AS listed(person, place)))
      WHERE a."userId" IN (SELECT m."userId" FROM "ChatMember" m WHERE m."sessionId" = ANY (${sessions}))
        AND a.result @> jsonb_build_object(${list}::text, jsonb_build_array(jsonb_build_object('userId', ${userId}::text)))`;
}
