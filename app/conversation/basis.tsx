import { useEffect, useState } from 'react';
import { AnswerContext } from '../../protocol/context-used.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { AnswerRecord } from './answer-record.tsx';

/** What went to the model beside the question. */
export function Basis({ message }: { message: MessageRow }) {
  const client = useChatClient();
  const [context, setContext] = useState<AnswerContext | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    return askUntilAnswered(
      async () => AnswerContext.parse(await client.trpc.agent.context.query({ messageId: message.id })),
      (answer) => {
        setContext(answer);
        setProblem(null);
      },
      (error) =>
        setProblem(failureOf(error)?.reason === 'NOT_FOUND' ? en.basis.notYours : en.basis.needsNetwork),
    );
  }, [client, message.id]);
  if (problem) return <p className="text-soft">{problem}</p>;
  if (!context) return <p className="text-soft">{en.basis.loading}</p>;
  const { turn } = message;
  const style = context.style;
  return (
    <dl className="grid gap-3 [&_dt]:text-sm [&_dt]:font-medium [&_dd]:text-soft">
      <div>
        <dt>{en.basis.conversation}</dt>
        <dd>{en.basis.messages(context.messages, context.summaryUpTo !== null)}</dd>
      </div>
      {context.projectId && (
        <div>
          <dt>{en.project.project}</dt>
          <dd>{context.projectTitle ?? en.basis.gone}</dd>
        </div>
      )}
      <div>
        <dt>{en.memory.title}</dt>
        <dd>
          {context.memories.length === 0 && context.forgotten === 0 && en.basis.nothing}
          <ul className="list-disc ps-5">
            {context.memories.map(({ id, content }) => (
              <li key={id}>{content}</li>
            ))}
          </ul>
          {context.forgotten > 0 && en.basis.forgotten(context.forgotten)}
        </dd>
      </div>
      {style && (
        <div>
          <dt>{en.basis.style}</dt>
          <dd>
            {en.settings.tones[style.tone]}, {en.settings.lengths[style.length].toLowerCase()},{' '}
            {en.settings.languages[style.language as keyof typeof en.settings.languages] ?? style.language}
          </dd>
        </div>
      )}
      {turn && (
        <div>
          <dt>{en.details.model}</dt>
          <dd className="tabular">
            {turn.model} · {en.basis.tokens(turn.promptTokens ?? context.tokens, turn.completionTokens)}
          </dd>
        </div>
      )}
      <AnswerRecord message={message} />
    </dl>
  );
}
