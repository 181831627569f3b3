// Reading and predicting, bundled as for a page and run in Chromium under a strict content security policy.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { CODEC_FILES } from '../src/dicom/index.ts';
import type { Prediction } from '../src/prediction/index.ts';
import { openModel, readStudy } from '../src/service/index.ts';
import { bundleConfig } from '../web/bundle.config.ts';
import { startBrowser } from './support/browser.ts';
import { servePages } from './support/page-server.ts';
import { writePhantomStudy } from './support/phantom-study.ts';

/** All JavaScript of the engine, minified; WebAssembly and the model aside. */
const MOST_BYTES = 900_000;
/** WebAssembly and native kernels add in another order. */
const TOLERANCE = { absolute: 1e-4 };
/** A name that is not localhost: the page is no secure context, as on a hospital's plain http. */
const HOST = 'ichor.test';

const folder = mkdtempSync(path.join(tmpdir(), 'ichor-engine-'));
const [built, study, packed] = ['engine', 'study', 'packed'].map((name) => path.join(folder, name)) as [
  string,
  string,
  string,
];
const model = new URL('../models/default.onnx', import.meta.url).pathname;
const { resolve } = createRequire(import.meta.url);
let browser: Browser;
let server: Awaited<ReturnType<typeof servePages>>;
let scripts: string[];
let files: Parameters<typeof servePages>[0];

beforeAll(async () => {
  await build(bundleConfig('web/engine.ts', built));
  scripts = readdirSync(path.join(built, 'assets')).filter((name) => name.endsWith('.js'));
  const entry = scripts.find((name) => name.startsWith('engine'));
  const page =
    '<!doctype html><link rel="icon" href="data:,"><input type="file" multiple><script type="module" src="/page.js"></script>';
  const script = `import * as engine from '/assets/${entry}'; globalThis.engine = engine;
    document.body.append(document.createElement('main'));`;
  await writePhantomStudy(study);
  files = {
    '/index.html': Buffer.from(page),
    '/page.js': Buffer.from(script),
    '/default.onnx': model,
    ...Object.fromEntries(scripts.map((name) => [`/assets/${name}`, path.join(built, 'assets', name)])),
    ...wasmFiles(),
  };
  server = await servePages(files);
  browser = await startBrowser([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`]);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

function wasmFiles(): Record<string, string> {
  const onnx = path.dirname(resolve('onnxruntime-web/wasm'));
  const builds = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'];
  const files = builds.flatMap((name) =>
    ['mjs', 'wasm'].map((ending) => path.join(onnx, `${name}.${ending}`)),
  );
  files.push(path.join(path.dirname(resolve('dcmjs-codecs')), CODEC_FILES.native));
  return Object.fromEntries(files.map((file) => [`/wasm/${path.basename(file)}`, file]));
}

/** A page with the engine, and what it said, asked for and was refused. */
async function openPage(origin = `http://${HOST}:${server.port}`) {
  const page = await browser.newPage();
  const [said, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${origin}/index.html`);
  await page.waitForSelector('main', { state: 'attached' });
  return { page, said, requests };
}

test('the bundle is small and holds no eval', () => {
  const texts = scripts.map((name) => readFileSync(path.join(built, 'assets', name), 'utf8'));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  process.stdout.write(
    `engine for a browser: ${Math.round(bytes / 1000)} kB of JavaScript in ${scripts.length} files\n`,
  );
  expect(bytes).toBeGreaterThan(200_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
  for (const text of texts) expect(text).not.toMatch(/\beval\(|\bnew Function\(|\bFunction\(['"`]/);
});

test('files that were chosen are predicted with the numbers of the command line', {
  timeout: 300_000,
}, async () => {
  const { page, said, requests } = await openPage();
  await page.setInputFiles(
    'input',
    readdirSync(study).map((name) => path.join(study, name)),
  );
  const theirs = (await page.evaluate(PREDICT_CHOSEN)) as { prediction: Prediction; deviceNote: string };
  expect(theirs.deviceNote).toContain('one thread, because the page is not cross-origin isolated');

  const opened = await openModel({ device: 'cpu' });
  const { prediction: ours } = await opened.predict(await readStudy(study), { heatMaps: false });
  await opened.close();
  expect(numbersOf(theirs.prediction)).toBeAllClose(numbersOf(ours), TOLERANCE);
  expect(theirs.prediction.model).toEqual(ours.model);
  expect(theirs.prediction.series).toEqual(ours.series);
  expect(theirs.prediction.slices.map((slice) => slice.sopInstanceUid)).toEqual(
    ours.slices.map((slice) => slice.sopInstanceUid),
  );
  expect(said).toEqual([]);
  expect(requests.filter((url) => new URL(url).host !== `${HOST}:${server.port}`)).toEqual([]);
});

test('threads share the work where the page is cross-origin isolated', { timeout: 300_000 }, async () => {
  const isolated = await servePages(files, { isIsolated: true });
  const { page, said } = await openPage(`http://localhost:${isolated.port}`);
  const chosen = readdirSync(study).map((name) => path.join(study, name));
  await page.setInputFiles('input', chosen);
  const onThreads = await page.evaluate(PREDICT_CHOSEN);
  expect(onThreads).toHaveProperty('deviceNote', expect.stringMatching(/WebAssembly with \d+ threads$/));
  expect(onThreads).not.toHaveProperty('prediction.peakMemoryBytes');
  expect(said).toEqual([]);
  isolated.close();
});

test.each([
  [
    '/wasm/ort-wasm-simd-threaded.wasm',
    undefined,
    'wasm-missing',
    'ort-wasm-simd-threaded.wasm: answered 404;',
  ],
  [
    '/wasm/ort-wasm-simd-threaded.mjs',
    'text/html',
    'wasm-type',
    '.mjs: content type is text/html, expected text/javascript',
  ],
  [
    '/wasm/ort-wasm-simd-threaded.wasm',
    'text/html',
    'wasm-type',
    '.wasm: content type is text/html, expected application/wasm',
  ],
] as const)('%s that comes as %s is named', async (address, type, code, text) => {
  const { [address]: _, ...others } = files;
  const faulty = await servePages(type ? files : others, { types: type ? { [address]: type } : {} });
  const { page } = await openPage(`http://localhost:${faulty.port}`);
  const fault = await page.evaluate(
    `${PREDICT_CHOSEN}.then(() => 'none', ({ code, message }) => code + ' ' + message)`,
  );
  expect(fault).toMatch(new RegExp(`^${code} `));
  expect(fault).toContain(text);
  faulty.close();
});

test('WebGPU is tried and said to be slower where software draws', { timeout: 300_000 }, async () => {
  const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
  const drawing = await startBrowser(flags);
  const isolated = await servePages(files);
  const page = await drawing.newPage();
  await page.goto(`http://localhost:${isolated.port}/index.html`);
  await page.waitForSelector('main', { state: 'attached' });
  expect(await page.evaluate(DEVICE_NOTE)).toMatch(/^cpu: webgpu is slower; WebAssembly/);
  await drawing.close();
  isolated.close();
});

test('without a graphics card that is said, and no engine for it is fetched', {
  timeout: 300_000,
}, async () => {
  const plain = await startBrowser(['--disable-gpu']);
  const open = await servePages(files);
  const page = await plain.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`http://localhost:${open.port}/index.html`);
  await page.waitForSelector('main', { state: 'attached' });
  expect(await page.evaluate("'gpu' in navigator")).toBe(true);
  expect(await page.evaluate(DEVICE_NOTE)).toMatch(
    /^cpu: this browser has no graphics card for WebGPU; WebAssembly/,
  );
  expect(asked.filter((url) => /webgpu|asyncify/.test(url))).toEqual([]);
  await plain.close();
  open.close();
});

const DEVICE_NOTE = `(async () => {
  const model = new Uint8Array(await (await fetch('/default.onnx')).arrayBuffer());
  const software = { name: 'ichor', version: 'test' };
  const opened = await engine.openEngine({ model, modelName: 'default.onnx', wasmFolder: 'wasm', software });
  await opened.close();
  return opened.deviceNote;
})()`;

const PREDICT_CHOSEN = `(async () => {
  const model = new Uint8Array(await (await fetch('/default.onnx')).arrayBuffer());
  const opened = await engine.openEngine({
    model, modelName: 'default.onnx', wasmFolder: 'wasm', device: 'cpu', software: { name: 'ichor', version: 'test' },
  });
  for await (const outcome of engine.readStudies(await engine.chosenFiles(document.querySelector('input').files))) {
    const { prediction } = await opened.predict(outcome, { heatMaps: false });
    await opened.close();
    return { prediction, deviceNote: opened.deviceNote };
  }
})()`;

const numbersOf = ({ anyHemorrhage, subtypes, slices }: Prediction): number[] => [
  anyHemorrhage.probability,
  ...Object.values(subtypes ?? {}).map((verdict) => verdict.probability),
  ...slices.flatMap(({ probabilities }) => Object.values(probabilities).map(Number)),
];

test.each([
  ['a folder', async () => study],
  ['a zip of compressed slices', writeZipOfCompressed],
])('%s that was dropped is read to the same HU', { timeout: 120_000 }, async (_, make) => {
  const { page, said } = await openPage();
  const { volume } = await readStudy(study);
  expect(await readDropped(page, await make())).toEqual({
    kind: 'accepted',
    slices: volume.slices,
    hash: volume.hu.reduce((hash, hu) => (hash * 31 + hu) | 0, 0),
  });
  expect(said).toEqual([]);
});

/** The study as JPEG-LS by dcmtk, in one zip. */
async function writeZipOfCompressed(): Promise<string> {
  const zip = new ZipFile();
  for (const name of readdirSync(study)) {
    const out = `${packed}-${name}`;
    execFileSync('dcmcjpls', [path.join(study, name), out]);
    zip.addFile(out, `DICOM/${name}`);
  }
  zip.end();
  const file = `${packed}.zip`;
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

/** Drops a path of the disk on the page, as a person does. */
async function readDropped(page: Page, dropped: string): Promise<unknown> {
  await page.evaluate(TAKE_DROP);
  const devTools = await page.context().newCDPSession(page);
  const data = { items: [], files: [dropped], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devTools.send('Input.dispatchDragEvent', { type, x: 5, y: 5, data });
  return await page.evaluate('globalThis.read');
}

const TAKE_DROP = `
  engine.placeCodecs('wasm');
  globalThis.read = new Promise((resolve) => {
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      resolve(readFirst(engine.droppedFiles(event.dataTransfer)));
    });
  });
  async function readFirst(files) {
    for await (const outcome of engine.readStudies(await files)) {
      if (outcome.kind !== 'accepted') return outcome.checks;
      const { hu, slices } = outcome.volume;
      return { kind: outcome.kind, slices, hash: hu.reduce((hash, value) => (hash * 31 + value) | 0, 0) };
    }
  }
  undefined;`;
