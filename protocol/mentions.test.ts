import { describe, expect, it } from 'vitest';
import { AGENT_ID, newUserId, type UserId } from './ids.ts';
import { mentionsIn } from './mentions.ts';

const [ada, adaL, ben] = [newUserId(), newUserId(), newUserId()];
const jay = AGENT_ID as UserId; // his id is one by definition
const members = [
  { userId: ada, name: 'Ada', role: 'owner' as const },
  { userId: adaL, name: 'Ada Lovelace', role: 'member' as const },
  { userId: ben, name: 'Bénédicte', role: 'member' as const },
  { userId: jay, name: 'Agent Jay', role: 'agent' as const },
];
const who = (content: string) => mentionsIn(content, members);

describe('who is spoken to', () => {
  it('is the person of the longest name that fits, in any case', () => {
    expect(who('@ada look')).toEqual([ada]);
    expect(who('so, @Ada LOVELACE, look')).toEqual([adaL]);
    expect(who('@Ada Lovelaces')).toEqual([ada]);
    expect(who('(@bénédicte)')).toEqual([ben]);
  });

  it('is all people with @everyone, and Agent Jay by either name', () => {
    expect(who('@everyone, meet at two')).toEqual([ada, adaL, ben]);
    expect(who('@jay and @Agent Jay')).toEqual([jay]);
  });

  it('is nobody in an e-mail address, in a longer word, or of a name that nobody has', () => {
    expect(who('write to x@ada.example')).toEqual([]);
    expect(who('@adam')).toEqual([]);
    expect(who('@cleo @')).toEqual([]);
  });
});
