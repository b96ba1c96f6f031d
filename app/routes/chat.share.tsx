import { SharePage } from '../inbox/share-page.tsx';

export default function ChatShare() {
  return <SharePage />;
}
