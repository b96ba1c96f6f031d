import { SettingsPage } from '../settings/settings-page.tsx';

export default function ChatSettings() {
  return <SettingsPage />;
}
