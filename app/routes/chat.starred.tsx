import { StarredPage } from '../starred/starred-page.tsx';

export default function ChatStarred() {
  return <StarredPage />;
}
