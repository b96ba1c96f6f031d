import { useEffect, useState } from 'react';
import { Usage } from '../../protocol/usage.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { Section } from '../ui/section.tsx';

/** What I used of Agent Jay's answers today, and how much of it there is. */
export function UsageSection() {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const [usage, setUsage] = useState<Usage | null>(null);
  useEffect(() => {
    if (!isLive) return;
    return askUntilAnswered(async () => Usage.parse(await client.trpc.agent.usage.query()), setUsage);
  }, [client, isLive]);
  const words = en.settings.usage;
  if (!usage) return null;
  const { answers, tokens, tokensPerDay } = usage;
  const share = tokensPerDay === null ? null : Math.min(1, tokens / Math.max(1, tokensPerDay));
  return (
    <Section title={words.title}>
      <p className="tabular text-sm">{words.today(answers, tokens)}</p>
      {tokensPerDay !== null && share !== null && (
        <>
          <progress
            className="mt-2 h-2 w-full accent-indigo"
            aria-label={words.title}
            max={tokensPerDay}
            value={Math.min(tokens, tokensPerDay)}
          />
          <p className="tabular mt-1 text-sm text-soft">
            {share < 1 ? words.left(tokensPerDay - tokens, tokensPerDay) : words.usedUp}
          </p>
        </>
      )}
    </Section>
  );
}
