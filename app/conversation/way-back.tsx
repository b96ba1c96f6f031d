import { Link } from '@remix-run/react';
import { en } from '../messages/en.ts';

/** Where a conversation fills the screen, so that the list is not beside it. */
export function WayBack() {
  return (
    <Link
      to="/chat"
      className="inline-flex min-h-11 items-center rounded-control border border-line bg-surface px-4 font-medium text-ink wide:hidden"
    >
      {en.failed.toConversations}
    </Link>
  );
}
