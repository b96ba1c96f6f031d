import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useParams } from '@remix-run/react';
import { JoinPage } from '../inbox/join-page.tsx';

export function loader({ context }: LoaderFunctionArgs) {
  return { isSignedIn: context.account !== null };
}

export default function Join() {
  const { token = '' } = useParams();
  return <JoinPage token={token} isSignedIn={useLoaderData<typeof loader>().isSignedIn} />;
}
