import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from '@remix-run/react';
import { type ReactNode, useEffect } from 'react';
import { en } from './messages/en.ts';
import { SHELL_MARK } from './service-worker/shell-pages.ts';
import { themeScript } from './settings/theme.ts';
import { bootGuardScript, pageStarted } from './shell/boot-guard.ts';
import { FailedPage } from './shell/failed-page.tsx';
import { lostScriptsScript } from './shell/lost-scripts.ts';
import styles from './ui/base.css?url';

/** They have run by the time the page's own scripts are there, which need not bring them again. */
const earlyScripts = import.meta.env.SSR ? `${themeScript};${bootGuardScript};${lostScriptsScript}` : '';

interface RootData {
  /** Of the page's own inline scripts; the browser hides it from scripts once the page stands. */
  cspNonce: string;
}

export function loader({ context }: LoaderFunctionArgs): RootData {
  return { cspNonce: context.cspNonce };
}

/** A page is the same wherever one goes from it; offline there is nobody to ask again. */
export const shouldRevalidate = () => false;

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: styles },
  { rel: 'manifest', href: '/manifest.webmanifest' },
  { rel: 'icon', href: '/icons/mark.svg', type: 'image/svg+xml' },
  { rel: 'apple-touch-icon', href: '/icons/icon-180.png' },
];

export const meta: MetaFunction = () => [
  { title: en.name },
  { name: 'description', content: en.landing.title },
];

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useRouteLoaderData<RootData>('root')?.cspNonce;
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <meta charSet="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="theme-color" content="#fbf9f4" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#131219" media="(prefers-color-scheme: dark)" />
        <meta name="application-name" content={en.name} data-page={SHELL_MARK} />
        <meta name="apple-mobile-web-app-capable" content="yes" />
        <meta name="apple-mobile-web-app-status-bar-style" content="default" />
        <meta name="apple-mobile-web-app-title" content={en.name} />
        {/* Before the first paint, so that nothing flashes in the other theme. */}
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: earlyScripts }} />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export function ErrorBoundary() {
  return (
    <main className="h-dvh">
      <FailedPage />
    </main>
  );
}

export default function App() {
  useEffect(pageStarted, []);
  return <Outlet />;
}
