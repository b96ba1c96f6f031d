import { type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { Landing } from '../sign-in/landing.tsx';

export function loader({ context }: LoaderFunctionArgs) {
  // Whoever is signed in came for the conversations.
  if (context.account) throw redirect('/chat');
  return null;
}

export default function Index() {
  return <Landing isSignedIn={false} next="/chat" />;
}
