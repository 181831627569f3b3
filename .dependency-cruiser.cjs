/** The house: a room imports only rooms on lower floors, through their door (see README, "Architecture"). */
const { include: browserFolders } = require('./tsconfig.browser.json');

const FLOORS = [
  ['base'],
  ['dicom', 'volume', 'graph', 'runtime', 'runtime-web', 'statistics', 'figures', 'files', 'files-web', 'queue', 'threads'],
  ['study', 'phantom', 'network'],
  ['prediction', 'cohort', 'pretrained'],
  ['training', 'evaluation'],
  ['report', 'results', 'experiment'],
  ['service', 'archive'],
  ['server'],
  ['cli'],
];
const ROOMS = FLOORS.flat();

/** Rooms that a browser runs as they are: bytes in, an injected runtime. tsconfig.browser.json holds the list. */
const BROWSER_ROOMS = browserFolders
  .filter((folder) => folder.startsWith('src/'))
  .map((folder) => folder.slice('src/'.length));
const NODE_ROOMS = ROOMS.filter((room) => !BROWSER_ROOMS.includes(room));

const floorRules = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `${room}-imports-lower-floors-only`,
    severity: 'error',
    comment: `${room}/ stands on floor ${floor}: it may import rooms below it, never beside or above it`,
    from: { path: `^src/${room}/` },
    to: { path: `^src/(${FLOORS.slice(floor).flat().filter((other) => other !== room).join('|')})/` },
  })),
);

const doorRules = ROOMS.map((room) => ({
  name: `${room}-through-its-door`,
  severity: 'error',
  comment: `import src/${room}/index.ts, not a file behind it`,
  from: { path: '^src/', pathNot: `^src/${room}/` },
  to: {
    path: `^src/${room}/`,
    pathNot: [`^src/${room}/index\\.ts$`, `^src/${room}/[a-z-]+-worker\\.ts$`, '-fixture\\.ts$'],
  },
}));

/** The makers of tests' inputs, which rooms share; a program has none. */
const fixtureRule = {
  name: 'fixtures-for-tests-only',
  severity: 'error',
  comment: 'a *-fixture.ts is imported by tests and other fixtures',
  from: { path: '^(src|web)/', pathNot: '(\\.test|-fixture)\\.ts$' },
  to: { path: '-fixture\\.ts$' },
};

/** What lies outside src/ uses rooms as any program would; tests share the makers of their inputs, `*-fixture.ts`. */
const outsideRule = {
  name: 'outside-through-doors',
  severity: 'error',
  comment: 'scripts/, test/, bench/ and web/ import src/<room>/index.ts; a test of one file lies beside that file',
  from: { path: '^(scripts|test|bench|web)/' },
  to: { path: '^src/[^/]+/', pathNot: ['^src/[^/]+/index\\.ts$', '-fixture\\.ts$', '^src/cli/main\\.ts$'] },
};

const insideRules = ROOMS.map((room) => ({
  name: `${room}-not-its-own-door`,
  severity: 'error',
  comment: 'inside a room, import the file, never the room\'s own door',
  from: { path: `^src/${room}/`, pathNot: ['\\.test\\.ts$', '-worker\\.ts$'] },
  to: { path: `^src/${room}/index\\.ts$` },
}));

/** Small, and at home in every room: schemas, and the deflate of zip, PNG and DICOM. */
const EVERYBODYS = ['zod', 'fflate'];

const LIBRARIES = [
  ['@noble/hashes', ['base']],
  ['onnxruntime-node', ['runtime']],
  ['onnxruntime-web', ['runtime-web']],
  ['(dcmjs|dcmjs-codecs|@cornerstonejs/codec-openjph)', ['dicom']],
  ['onnx-proto', ['graph']],
  ['(vega|vega-lite|vega-interpreter|fast-png|hershey)', ['figures']],
  ['nifti-reader-js', ['study']],
  ['(yauzl|proper-lockfile)', ['files']],
  ['@zip\\.js/zip\\.js', ['files-web']],
  ['csv-parse', ['files', 'evaluation']],
  ['piscina', ['threads']],
  ['(zarrita|jpeg-js)', ['cohort']],
  ['pg-boss', ['queue']],
  ['@electric-sql/pglite', ['queue', 'archive']],
  ['(kysely|pg)', ['archive']],
  ['@stdlib/[a-z-]+', ['statistics']],
  ['(fastify|fastify-type-provider-zod|openapi-types|@fastify/[a-z-]+|prom-client|yaml|openid-client)', ['server']],
  ['(commander|cli-progress)', ['cli']],
];

const inModules = (library) => `node_modules/(@types/)?${library}/`;
/** A test beside its file may use what only tests need (vitest, fast-check, yazl). */
const TESTS = '(\\.test|-fixture)\\.ts$';

const libraryRules = [
  ...LIBRARIES.map(([library, rooms]) => ({
    name: `${rooms.join('-')}-alone-imports-${library.replace(/[^a-z-]/g, '')}`,
    severity: 'error',
    comment: 'one library, one room',
    from: { path: '^(src|web)/', pathNot: [`^src/(${rooms.join('|')})/`, TESTS, '\\.config\\.ts$'] },
    to: { path: inModules(library) },
  })),
  {
    name: 'library-without-a-room',
    severity: 'error',
    comment: 'name the room of a new library in LIBRARIES, or call it everybody\'s',
    from: { path: '^src/', pathNot: TESTS },
    to: {
      path: 'node_modules/',
      pathNot: [...EVERYBODYS, ...LIBRARIES.map(([library]) => library)].map(inModules),
    },
  },
];

/** tsconfig.browser.json refuses their globals (Buffer, process); these rules refuse what they may import. */
const browserRules = [
  {
    name: 'browser-safe-rooms-take-bytes',
    severity: 'error',
    comment: 'a browser runs this room: bytes in, an injected runtime, no node: modules',
    from: { path: `^(web|src/(${BROWSER_ROOMS.join('|')}))/`, pathNot: ['\\.test\\.ts$', '\\.config\\.ts$'] },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'browser-safe-rooms-import-no-node-rooms',
    severity: 'error',
    comment: 'this room runs in Node alone: pass in what is needed of it',
    from: { path: `^(web|src/(${BROWSER_ROOMS.join('|')}))/`, pathNot: ['\\.test\\.ts$', '\\.config\\.ts$'] },
    to: { path: `^src/(${NODE_ROOMS.join('|')})/` },
  },
];

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // Types alone, which have no module; this package itself, which is there once it is built
      to: { couldNotResolve: true, pathNot: '^(@medplum/fhirtypes|ichor/reading)$' },
    },
    ...browserRules,
    ...floorRules,
    ...doorRules,
    outsideRule,
    fixtureRule,
    ...insideRules,
    ...libraryRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
