/**
 * How the page is bundled: what a browser does not need, or a strict content security policy forbids, is replaced. The
 * policy is `script-src 'self' 'wasm-unsafe-eval'`; the files of wasmFiles() lie in the folder that openEngine is told.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { InlineConfig, Plugin } from 'vite';

const require = createRequire(import.meta.url);

interface DictionaryEntry {
  readonly tag: string;
  readonly vr: string;
  readonly name: string;
}

/** A line of the table: `00280010USRows`. */
const lineOf = ({ tag, vr, name }: DictionaryEntry): string => `${tag.replace(/[(),]/g, '')}${vr}${name}`;

/** Of dcmjs a page needs the names and representations of tags alone: two copies of it all would be 2 MB. */
function dictionaryOnly(): Plugin {
  const id = '\0dicom-dictionary';
  return {
    name: 'dictionary-only',
    enforce: 'pre',
    resolveId: (source) => (source === 'dcmjs' ? id : undefined),
    load: (loaded) => (loaded === id ? dictionaryModule() : undefined),
  };
}

function dictionaryModule(): string {
  const { nameMap } = require('dcmjs').data.DicomMetaDictionary;
  const entries = Object.values<DictionaryEntry>(nameMap).filter(({ tag }) =>
    /^\([\dA-F]{4},[\dA-F]{4}\)$/.test(tag),
  );
  return `
const dictionary = {}, nameMap = {};
for (const line of ${JSON.stringify(entries.map(lineOf).join('\n'))}.split('\\n')) {
  const entry = { tag: '(' + line.slice(0, 4) + ',' + line.slice(4, 8) + ')', vr: line.slice(8, 10), name: line.slice(10) };
  dictionary[entry.tag] = nameMap[entry.name] = entry;
}
export const data = { DicomMetaDictionary: { dictionary, nameMap } };
export const log = { setLevel() {} };
export default { data, log };`;
}

/** Where a library makes code of text, and what stands there instead. */
const EVALS: readonly (readonly [module: RegExp, text: RegExp, instead: string])[] = [
  // It hides Node's require, and a plain fetch, from bundlers
  [/dcmjs-codecs/, /eval\("(fetch\([^"]*\))"\)/g, '$1'],
  [/dcmjs-codecs/, /eval\("require\('(?:fs|path)'\)"\)/g, 'undefined'],
  // It tries whether code may be made of text, which a page's policy reports as a breach, and makes its faster checks so
  [/zod\/v4\/core\/util/, /new F\(""\);/g, 'throw new Error("no code is made of text");'],
  [/zod\/v4\/core\/doc/, /const F = Function;/g, 'const F = undefined;'],
];

function withoutEval(): Plugin {
  return {
    name: 'without-eval',
    enforce: 'pre',
    transform: (code, id) => {
      const found = EVALS.filter(([module]) => module.test(id));
      return found.length === 0
        ? undefined
        : found.reduce((text, [, from, to]) => text.replace(from, to), code);
    },
  };
}

/** The parts that a page's script imports one after the other are fetched beside each other; what it needs at once Vite has told. */
const partsAtOnce = (): Plugin => ({
  name: 'parts-at-once',
  transformIndexHtml: (_, { bundle = {} }) => {
    const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
    const entries = chunks.filter(({ isEntry }) => isEntry);
    const parts = entries.flatMap(({ dynamicImports }) => dynamicImports);
    const shared = chunks
      .filter(({ fileName }) => parts.includes(fileName))
      .flatMap(({ imports }) => imports);
    const told = entries.flatMap(({ imports }) => imports);
    const untold = [...parts, ...shared].filter((part) => !told.includes(part));
    return [...new Set(untold)].map((part) => ({
      tag: 'link',
      attrs: { rel: 'modulepreload', crossorigin: true, href: `./${part}` },
      injectTo: 'head',
    }));
  },
});

const { version } = require('../package.json');

/** Vite's settings for a page (`input` is its HTML) or an engine without one; addresses are relative, so that any folder of a server serves. */
export function bundleConfig(input: string, outDir: string): InlineConfig {
  const isPage = input.endsWith('.html');
  return {
    configFile: false,
    logLevel: 'error',
    base: isPage ? './' : '/',
    root: path.resolve(import.meta.dirname, '..', isPage ? path.dirname(input) : ''),
    define: {
      'import.meta.env.ICHOR_VERSION': JSON.stringify(version),
      // Tests build with another NODE_ENV, and libraries bring their slower half then
      'process.env.NODE_ENV': '"production"',
    },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    // ONNX Runtime's WebAssembly and its loader stay files of their own, with an address that is a setting
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
    plugins: [dictionaryOnly(), withoutEval(), partsAtOnce()],
    worker: { format: 'es', plugins: () => [dictionaryOnly(), withoutEval()] },
    build: {
      target: 'es2024',
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        input: path.resolve(import.meta.dirname, '..', input),
        preserveEntrySignatures: 'strict',
      },
    },
  };
}
