import { ChatShell } from '../shell/chat-shell.tsx';

/** The app shell: the same for everyone, filled on the device. Holds no person's data (it is kept by caches). */
export default function Chat() {
  return <ChatShell />;
}
