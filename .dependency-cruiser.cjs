const features = 'inbox|channels|profiles|approvals|diagnostics|remote|bus'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'protocol-stands-alone',
      comment: 'The contract imports zod/mini and itself.',
      severity: 'error',
      from: { path: '^lib/protocol' },
      to: { pathNot: ['^lib/protocol', 'node_modules/zod'] },
    },
    {
      name: 'schema-engine-stands-alone',
      severity: 'error',
      from: { path: '^lib/schema' },
      to: {},
    },
    {
      name: 'requests-are-read-by-the-relay',
      severity: 'error',
      from: { path: '^(lib|entrypoints)' },
      to: { path: '^lib/protocol/requests' },
    },
    {
      name: 'server-knows-only-the-protocol',
      severity: 'error',
      from: { path: '^server' },
      to: { path: '^(lib/(?!protocol)|entrypoints)' },
    },
    {
      name: 'extension-never-imports-the-server',
      severity: 'error',
      from: { path: '^(lib|entrypoints)' },
      to: { path: '^server' },
    },
    {
      name: 'no-node-in-the-extension',
      severity: 'error',
      from: { path: '^(lib|entrypoints)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'entrypoints-only-start',
      severity: 'error',
      from: { path: '^entrypoints' },
      to: { path: '^lib', pathNot: '^lib/(app/|ui/.*\\.css$)' },
    },
    {
      name: 'small-layers-know-no-feature',
      severity: 'error',
      from: { path: '^lib/(database|messaging|platform|ui|relay)' },
      to: { path: `^lib/(app|${features})/`, dependencyTypesNot: ['type-only'], pathNot: '^lib/profiles/model\\.ts$' },
    },
    {
      name: 'features-meet-in-app',
      comment: "A feature may know another's model, never its store or service.",
      severity: 'error',
      from: { path: `^lib/(${features})/` },
      to: { path: `^lib/(app|${features})/`, pathNot: ['^lib/$1/', '/model\\.ts$'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-never-pull-in-worker-code',
      severity: 'error',
      from: { path: '^lib/[^/]+/ui/' },
      to: { path: '/(service|handlers|intake|outbox|store)\\.ts$' },
    },
    {
      name: 'only-app-names-an-engine',
      severity: 'error',
      from: { path: '^server', pathNot: '^server/(app|cli|store|main)' },
      to: { path: '^server/store/sqlite' },
    },
    {
      name: 'only-app-names-a-channel',
      severity: 'error',
      from: { path: '^server', pathNot: '^server/(app|channels)' },
      to: { path: '^server/channels/(webhook|telegram|discord|slack|email)/' },
    },
    {
      name: 'channels-do-not-know-each-other',
      severity: 'error',
      from: { path: '^server/channels/(webhook|telegram|discord|slack|email)/' },
      to: { path: '^server/channels/(webhook|telegram|discord|slack|email)/', pathNot: '^server/channels/$1/' },
    },
    {
      name: 'guards-know-no-domain',
      severity: 'error',
      from: { path: '^server/(http|auth)' },
      to: { path: '^server/(channels|inbox|outbox|app)' },
    },
    { name: 'no-unlisted-packages', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^\\.wxt|\\.css$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
