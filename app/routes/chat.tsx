import { laterScreens } from '../shell/chat-screens.tsx';
import { ChatShell } from '../shell/chat-shell.tsx';
import { keepScreens } from '../shell/screens.ts';
import * as index from './chat._index.tsx';
import * as session from './chat.$sessionId.tsx';

keepScreens({ ...laterScreens, 'routes/chat._index': index, 'routes/chat.$sessionId': session });

/** The app shell: the same for everyone, filled on the device. Holds no person's data (it is kept by caches). */
export default function Chat() {
  return <ChatShell />;
}
