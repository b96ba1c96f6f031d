import type { ChatMessage } from './shapes.ts';

/**
 * A rolling hash over messages in order of `seq`: two copies that hold the same rows have the same fingerprint, and a
 * missing or altered row changes it. It finds accidents, not forgers. Feedback is left out, for it has no `seq` by
 * which two copies could be compared at rest; so is the text of an answer that is still being written.
 * @returns 16 hexadecimal digits
 */
export function fingerprintOf(messages: Iterable<ChatMessage>): string {
  const hash = new RollingHash();
  for (const message of messages) hash.add(canonical(message));
  return hash.digest();
}

/**
 * Of a text alone, such as the beginning of an answer that two sides hold.
 * @returns 16 hexadecimal digits
 */
export function fingerprintOfText(text: string): string {
  const hash = new RollingHash();
  hash.add(text);
  return hash.digest();
}

function canonical(message: ChatMessage): string {
  const { id, seq, userId, role, messageType, content, parentId, createdAt, editedAt, deletedAt, turn } =
    message;
  const { branch, branchOf } = message;
  const text = turn?.status === 'streaming' ? '' : content;
  const reactions = Object.entries(message.reactions)
    .map(([emoji, users]) => [emoji, ...[...users].sort()].join(' '))
    .sort();
  const attachments = message.attachments.map((attachment) => attachment.id);
  return JSON.stringify([
    [id, seq, userId, role, messageType, text, parentId, createdAt, editedAt, deletedAt],
    [turn?.status ?? null, turn?.versionOf ?? null, reactions, attachments],
    // Named only where it is: what an older version of the app holds keeps its fingerprint.
    ...(message.pinnedAt ? [[message.pinnedAt]] : []),
    // Left out where there is none: copies of versions that knew no branches compare as before.
    ...(branch || branchOf ? [[branch, branchOf]] : []),
  ]);
}

/** Two lanes of 32 bits, each a multiplication and a rotation a character (after MurmurHash3's mixing). */
class RollingHash {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;

  add(text: string): void {
    let a = this.#a ^ text.length;
    let b = this.#b;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0xcc9e2d51);
      a = (a << 15) | (a >>> 17);
      b = Math.imul(b ^ (unit + a), 0x1b873593);
      b = (b << 13) | (b >>> 19);
    }
    this.#a = a;
    this.#b = b;
  }

  digest(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
