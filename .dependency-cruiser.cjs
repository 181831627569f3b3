/** The house: a room imports only rooms on lower floors, through their door (see README, "Architecture"). */
const FLOORS = [
  ['base'],
  ['dicom', 'volume', 'graph', 'runtime', 'statistics', 'figures', 'files', 'queue'],
  ['study', 'phantom', 'network'],
  ['prediction', 'cohort'],
  ['training', 'evaluation'],
  ['report', 'experiment'],
  ['server', 'library'],
  ['cli'],
];

const floorRules = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `${room}-imports-lower-floors-only`,
    severity: 'error',
    comment: `${room}/ stands on floor ${floor}: it may import rooms below it, never beside or above it`,
    from: { path: `^src/${room}/` },
    to: { path: `^src/(${FLOORS.slice(floor).flat().filter((other) => other !== room).join('|')})/` },
  })),
);

const doorRules = FLOORS.flat().map((room) => ({
  name: `${room}-through-its-door`,
  severity: 'error',
  comment: `import src/${room}/index.ts, not a file behind it`,
  from: { path: '^src/', pathNot: `^src/${room}/` },
  to: { path: `^src/${room}/`, pathNot: [`^src/${room}/index\\.ts$`, `^src/${room}/[a-z-]+-worker\\.ts$`] },
}));

const insideRules = FLOORS.flat().map((room) => ({
  name: `${room}-not-its-own-door`,
  severity: 'error',
  comment: 'inside a room, import the file, never the room\'s own door',
  from: { path: `^src/${room}/`, pathNot: ['\\.test\\.ts$', '-worker\\.ts$'] },
  to: { path: `^src/${room}/index\\.ts$` },
}));

const LIBRARIES = [
  ['onnxruntime-(node|web|common)', ['runtime']],
  ['(dcmjs|dcmjs-codecs|@cornerstonejs/codec-openjph)', ['dicom']],
  ['(onnx-proto|protobufjs)', ['graph']],
  ['(vega|vega-lite|fast-png)', ['figures']],
  ['nifti-reader-js', ['study']],
  ['yauzl', ['files']],
  ['zarrita', ['cohort']],
  ['(pg-boss|@electric-sql)', ['queue']],
  ['@stdlib', ['statistics']],
  ['(commander|cli-progress)', ['cli']],
];

const libraryRules = LIBRARIES.map(([library, rooms]) => ({
  name: `${rooms.join('-')}-alone-imports-${library.replace(/[^a-z-]/g, '')}`,
  severity: 'error',
  comment: 'one library, one room',
  from: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/` },
  to: { path: `node_modules/${library}/` },
}));

/** Rooms that the browser runs as they are: bytes in, an injected runtime, no node: modules. */
const browserSafe = {
  name: 'browser-safe-rooms-take-bytes',
  severity: 'error',
  from: { path: '^src/(base|dicom|volume|study|graph|network|prediction)/', pathNot: '\\.test\\.ts$' },
  to: { dependencyTypes: ['core'] },
};

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    browserSafe,
    ...floorRules,
    ...doorRules,
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
