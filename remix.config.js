/**
 * What Remix is told; vite.config.ts hands it to Remix's Vite plugin. `v3_lazyRouteDiscovery` stays off: an app shell that
 * is precached knows all its routes. `v3_routeConfig` would take another package for what file names say already.
 *
 * @type {import('@remix-run/dev').VitePluginConfig}
 */
export default {
  appDirectory: 'app',
  ssr: true,
  buildDirectory: 'build',
  // build/server/remix.js, beside the app.js that scripts/build.mjs makes of server/index.ts.
  serverBuildFile: 'remix.js',
  serverModuleFormat: 'esm',
  ignoredRouteFiles: ['**/*.test.{ts,tsx}'],
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: false,
  },
};
