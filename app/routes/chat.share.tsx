import { SharePage } from '../inbox/share-page.tsx';

export { FailedPage as ErrorBoundary } from '../shell/failed-page.tsx';

export default function ChatShare() {
  return <SharePage />;
}
