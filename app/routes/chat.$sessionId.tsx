import { useParams } from '@remix-run/react';
import { SessionId } from '../../protocol/ids.ts';
import { Conversation } from '../conversation/conversation.tsx';
import { NothingChosen } from '../conversation/nothing-chosen.tsx';

export { FailedPage as ErrorBoundary } from '../shell/failed-page.tsx';

export default function ChatSession() {
  const parsed = SessionId.safeParse(useParams().sessionId);
  // A fresh screen for each conversation: no draft and no scroll position strays from one to the other.
  return parsed.success ? <Conversation key={parsed.data} sessionId={parsed.data} /> : <NothingChosen />;
}
