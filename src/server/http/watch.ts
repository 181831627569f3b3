import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { type Archive, STUDY_STATE_NAMES } from '../../archive/index.ts';
import { codeOf } from '../../base/index.ts';
import type { DriftWatch } from '../drift/drift-watch.ts';
import { type Api, bytesOf, problemSchema } from './api.ts';

/** What is counted; never an identity, not even a UID. */
export interface Metrics {
  readonly registry: Registry;
  kept(isDuplicate: boolean): void;
  notKept(reason: unknown): void;
  predicted(seconds: number): void;
  /** Its alarms become gauges. */
  watchDrift(watch: DriftWatch): void;
}

export function createMetrics(archive: Archive): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const kept = new Counter({
    name: 'ichor_objects_kept_total',
    help: 'DICOM objects that were acknowledged',
    labelNames: ['duplicate'],
    registers,
  });
  const notKept = new Counter({
    name: 'ichor_objects_not_kept_total',
    help: 'DICOM objects that were refused, by the code of the reason',
    labelNames: ['code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'ichor_prediction_seconds',
    help: 'From the first byte read to the result kept',
    buckets: [1, 2, 3, 5, 8, 13, 20, 40, 80],
    registers,
  });
  new Gauge({
    name: 'ichor_studies',
    help: 'Studies that are held, by state',
    labelNames: ['state'],
    registers,
    collect() {
      const counts = new Map<string, number>();
      for (const { state } of archive.index.studies()) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const state of STUDY_STATE_NAMES) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  return {
    registry,
    kept: (isDuplicate) => kept.inc({ duplicate: String(isDuplicate) }),
    notKept: (reason) => notKept.inc({ code: codeOf(reason) }),
    predicted: (value) => seconds.observe(value),
    watchDrift: (watch) => void driftGauges(watch, registry),
  };
}

function driftGauges(watch: DriftWatch, registry: Registry): Gauge {
  return new Gauge({
    name: 'ichor_drift_alarm',
    help: '1 where a stream differs from the reference period, 0 where it was looked at and does not',
    labelNames: ['stream'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { name, alarm } of (await watch.state())?.streams ?? [])
        this.set({ stream: name }, Number(alarm));
    },
  });
}

export interface WatchOptions {
  isReady(): boolean;
  /** Whether metrics need no login; they do unless it is said. */
  readonly openMetrics: boolean;
}

/** Health for whoever restarts us, readiness for whoever sends to us, metrics for Prometheus. */
export function watchRoutes(
  app: Api,
  archive: Archive,
  metrics: Metrics,
  { isReady, openMetrics }: WatchOptions,
): void {
  app.get(
    '/health/live',
    {
      config: { role: 'anyone' },
      schema: { summary: 'Whether a restart is needed', response: { 200: statusSchema, 503: problemSchema } },
    },
    async (_request, reply) => {
      const { fault } = archive;
      return fault === undefined
        ? { status: 'ok' }
        : reply.code(503).send({ code: fault.code, text: fault.message });
    },
  );

  app.get(
    '/health/ready',
    {
      config: { role: 'anyone' },
      schema: {
        summary: 'Whether studies are taken; while the database is away they are, and wait to be predicted',
        response: { 200: statusSchema, 503: statusSchema },
      },
    },
    async (_request, reply) => {
      const isWell = archive.fault === undefined && isReady();
      return reply.code(isWell ? 200 : 503).send({ status: isWell ? 'ok' : 'starting or stopping' });
    },
  );

  app.get(
    '/metrics',
    {
      // Each scrape in the trail would bury what people do
      config: { role: openMetrics ? 'anyone' : 'reader', audit: 'nothing' },
      schema: { summary: 'Metrics for Prometheus', response: { 200: bytesOf('the metrics', 'text/plain') } },
    },
    async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

const statusSchema = z.object({ status: z.string() });
