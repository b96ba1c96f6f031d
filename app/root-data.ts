import type { LoaderFunctionArgs } from '@remix-run/node';

export interface RootData {
  /** Of the page's own inline scripts; the browser hides it from scripts once the page stands. */
  cspNonce: string;
  isSignedIn: boolean;
}

export function loader({ context }: LoaderFunctionArgs): RootData {
  return { cspNonce: context.cspNonce, isSignedIn: context.account !== null };
}
