import { describe, expect, it } from 'vitest';
import { mentionsAgent } from './addressed.ts';

describe('a text speaks to Agent Jay', () => {
  it.each([
    '@jay what is a p-value?',
    'Hey @Jay, are you there?',
    'what do you think, @agent jay?',
    '@AgentJay help',
    '@ai-agent!',
    '(@agent-jay)',
    'line one\n@jay line two',
    '@jay',
  ])('when it says %j', (text) => expect(mentionsAgent(text)).toBe(true));

  it.each([
    'write to me@jay.example or bob@jay',
    'ada.jay@ai-agent',
    '@jayden has the data',
    '@jay_smith has it',
    '@jay-z',
    'jay said so',
    'agent jay said so',
    'my+tag@jay',
    '@jay@example.org',
    '',
  ])('but not when it says %j', (text) => expect(mentionsAgent(text)).toBe(false));
});
