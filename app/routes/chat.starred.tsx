import { StarredPage } from '../starred/starred-page.tsx';

export { FailedPage as ErrorBoundary } from '../shell/failed-page.tsx';

export default function ChatStarred() {
  return <StarredPage />;
}
