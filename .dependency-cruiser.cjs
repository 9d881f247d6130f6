/** Imports go one way: domain <- bridge <- {electron, renderer}, domain <- ground (docs/architecture.md). */
const ROOMS = '^(domain|bridge|electron|renderer|ground|build|tests)/';
const only = (name, room, allowed) => ({
  name,
  severity: 'error',
  comment: `${room} may import ${allowed.join(', ')} of the project's rooms`,
  from: { path: `^${room}/` },
  to: { path: ROOMS, pathNot: allowed.map((other) => `^${other}/`) },
});
const door = (name, doors, target) => ({
  name,
  severity: 'error',
  comment: `only ${doors.join(' and ')} may import ${target}`,
  from: { path: '^(domain|bridge|electron|renderer|ground)/', pathNot: doors.map((path) => `^${path}`) },
  to: { path: target },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('domain-is-pure', 'domain', ['domain']),
    only('bridge-knows-domain', 'bridge', ['bridge', 'domain']),
    only('electron-knows-bridge-and-domain', 'electron', ['electron', 'bridge', 'domain']),
    only('renderer-knows-bridge-and-domain', 'renderer', ['renderer', 'bridge', 'domain']),
    only('ground-knows-domain', 'ground', ['ground', 'domain']),
    {
      name: 'ground-pages-run-in-browsers',
      severity: 'error',
      comment: "ground's pages know the words in ground/web and nothing else of the server",
      from: { path: '^ground/(phone|console|web)/', pathNot: '/vite\\.config\\.ts$|/build/' },
      to: { path: '^ground/', pathNot: '^ground/(phone|console|web)/|^ground/database/tables\\.ts$' },
    },
    {
      name: 'no-node-in-ground-pages',
      severity: 'error',
      from: { path: '^ground/(phone|console|web)/', pathNot: '/vite\\.config\\.ts$|/build/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ground-server-knows-no-page',
      severity: 'error',
      from: { path: '^ground/', pathNot: '^ground/(phone|console)/' },
      to: { path: '^ground/(phone|console)/' },
    },
    {
      name: 'no-runtime-in-domain',
      severity: 'error',
      from: { path: '^(domain|bridge)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-node-in-renderer',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-and-bridge-packages',
      severity: 'error',
      comment: 'pure libraries only',
      from: { path: '^(domain|bridge)/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/(valibot|cborg|jose)/' },
    },
    door('one-door-to-dexie', ['renderer/ledger/'], 'node_modules/dexie/'),
    door(
      'one-door-to-serialport',
      ['electron/printer/', 'electron/scanner/', 'electron/serial/'],
      'node_modules/(serialport|@serialport)/',
    ),
    door('one-door-to-databases', ['ground/database/'], 'node_modules/(pg|@electric-sql)/'),
    door('one-door-to-tar', ['electron/flight-pack/', 'ground/'], 'node_modules/tar-stream/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    exclude: { path: '(^out/|\\?(url|worker))' },
  },
};
