import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Landing } from '../sign-in/landing.tsx';

export function loader({ context }: LoaderFunctionArgs) {
  return { isSignedIn: context.account !== null };
}

export default function SignIn() {
  return <Landing isSignedIn={useLoaderData<typeof loader>().isSignedIn} next="/chat" />;
}
