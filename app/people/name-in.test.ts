import { describe, expect, it } from 'vitest';
import { AGENT_ID, newUserId } from '../../protocol/ids.ts';
import { snapshotOf } from '../../tests/support/messages.ts';
import { faceOf } from '../inbox/describe-session.ts';
import { nothingMade, StoredSession } from '../local-db/rows.ts';
import { nameIn, needsNames, shortName } from './name-in.ts';

const [me, ben, cleo] = [newUserId(), newUserId(), newUserId()];

const stored = (fields: Partial<StoredSession>) =>
  StoredSession.parse({
    ...snapshotOf({
      id: newUserId() as unknown as StoredSession['id'],
      lastSeq: 1,
      members: [{ userId: me, name: 'Ada' }],
    }),
    hasOlder: false,
    pendingCreate: false,
    left: false,
    mine: nothingMade,
    ...fields,
  });

describe('how somebody is called', () => {
  it('by the name they have, by the last one known once they have left, as a former member otherwise', () => {
    const session = stored({ former: { [ben]: 'Ben', [me]: 'An older name' } });
    expect([me, ben, cleo, AGENT_ID].map((id) => nameIn(session, id))).toEqual([
      'Ada',
      'Ben',
      'Former member',
      'Agent Jay',
    ]);
  });

  it('where one person has to be told from another, those who have left included', () => {
    const two = { isGroupChat: false, former: { [ben]: 'Ben', [AGENT_ID]: 'Agent Jay' } };
    expect(needsNames(stored(two))).toBe(false);
    expect(needsNames(stored({ ...two, former: { [ben]: 'Ben', [cleo]: 'Cleo' } }))).toBe(true);
    expect(needsNames(stored({ isGroupChat: true }))).toBe(true);
  });

  it('in a line of the list by the first name, unless that says nothing alone', () => {
    expect(['Ada Nwosu', 'Ben', 'Guest Panda 23', 'Dr Okafor', ''].map(shortName)).toEqual([
      'Ada',
      'Ben',
      'Guest Panda 23',
      'Dr Okafor',
      '',
    ]);
  });

  it('and a conversation of two that the other has left keeps the name of the other', () => {
    const title = 'New conversation';
    const session = stored({ isGroupChat: false, title, former: { [ben]: 'Ben' } });
    expect(faceOf(session, me)).toMatchObject({ title: 'Ben', isAgent: false, other: null });
  });
});
