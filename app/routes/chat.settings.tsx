import { SettingsPage } from '../settings/settings-page.tsx';

export { FailedPage as ErrorBoundary } from '../shell/failed-page.tsx';

export default function ChatSettings() {
  return <SettingsPage />;
}
