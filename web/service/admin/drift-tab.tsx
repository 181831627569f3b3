import type { ReactNode } from 'react';
import { z } from 'zod';
import { focus } from '../../by-id.ts';
import { WORDS } from '../../words.ts';
import { send } from '../ask.ts';
import { whenText } from '../texts.ts';
import { type Asked, useAsked } from '../use-asked.ts';
import { daysPeriod } from './days-period.ts';
import { DriftChart } from './drift-chart.tsx';
import { fieldsOf } from './forms.tsx';
import { RowsPanel } from './rows-panel.tsx';
import type { TabProps } from './tabs.ts';

const driftSchema = z.object({
  reference: z.object({ from: z.string(), to: z.string(), by: z.string(), studies: z.number() }).nullable(),
  recent: z.object({ studies: z.number(), from: z.string(), to: z.string() }).nullable(),
  streams: z.array(
    z.object({
      name: z.string(),
      referenceStudies: z.number(),
      recentStudies: z.number(),
      adjustedP: z.number().optional(),
      alarm: z.boolean(),
      text: z.string(),
    }),
  ),
  acknowledged: z.object({ at: z.string(), by: z.string(), comment: z.string() }).optional(),
  stopped: z.boolean(),
});
type Drift = z.infer<typeof driftSchema>;
const figuresSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      text: z.string(),
      labels: z.array(z.string()),
      reference: z.array(z.number()),
      recent: z.array(z.number()),
    }),
  ),
});
const words = WORDS.admin.drift;

/** What comes in and goes out, against the accepted period, with what a person can do about it. */
export function DriftTab({ keys }: TabProps): ReactNode {
  const drift = useAsked(driftSchema, 'api/drift');
  const figures = useAsked(figuresSchema, 'api/drift/figures');
  const figureOf = (name: string) => figures.value?.items.find((one) => one.name === name);
  return (
    <>
      {drift.value && <Standing drift={drift.value} />}
      <RowsPanel
        rows={drift.value?.streams}
        columns={words.columns}
        none={words.none}
        fault={drift.fault ?? figures.fault}
        idOf={({ name }) => name}
        cellsOf={({ name, alarm, referenceStudies, recentStudies, adjustedP, text }) => {
          const figure = figureOf(name);
          return [
            figure?.text ?? name,
            alarm && (
              <b key="alarm" className="alarm-cell">
                {words.alarm}
              </b>
            ),
            `${referenceStudies} / ${recentStudies}`,
            adjustedP?.toPrecision(2),
            figure && <DriftChart key="chart" figure={figure} isAlarm={alarm} />,
            text,
          ];
        }}
        actions={[]}
        more={[
          { keys: ['g'], words: words.acknowledge, run: focus('drift-comment') },
          { keys: ['a'], words: words.accept, run: focus('drift-from') },
          ...keys,
        ]}
      />
      <Acting drift={drift} again={figures.again} />
    </>
  );
}

function Standing({ drift: { reference, recent, stopped, acknowledged } }: { drift: Drift }): ReactNode {
  if (reference === null) return <p>{words.noReference}</p>;
  return (
    <>
      {stopped && <p className="fault">{words.stopped}</p>}
      <p>
        {words.reference(whenText(reference.from), whenText(reference.to), reference.by, reference.studies)}{' '}
        {recent === null
          ? words.noRecent
          : words.recent(whenText(recent.from), whenText(recent.to), recent.studies)}
      </p>
      {acknowledged && <p>{words.seen(acknowledged.by, whenText(acknowledged.at), acknowledged.comment)}</p>}
    </>
  );
}

function Acting({ drift: { value, act }, again }: { drift: Asked<Drift>; again(): void }): ReactNode {
  const hasAlarm = value?.streams.some(({ alarm }) => alarm) ?? false;
  return (
    <>
      {hasAlarm && (
        <form
          aria-keyshortcuts="g"
          onSubmit={(event) => {
            const { comment } = fieldsOf(event);
            act(() => send('POST', 'api/drift/acknowledge', { comment }));
          }}
        >
          <label>
            {words.comment} <input id="drift-comment" name="comment" maxLength={1000} required />
          </label>
          <button type="submit">{words.acknowledge}</button>
        </form>
      )}
      <form
        aria-keyshortcuts="a"
        onSubmit={(event) => {
          const { from = '', to = '' } = fieldsOf(event);
          act(async () => {
            await send('POST', 'api/drift/reference', daysPeriod(from, to, Date.now()));
            again();
          });
        }}
      >
        <label>
          {words.from} <input id="drift-from" name="from" type="date" required />
        </label>
        <label>
          {words.to} <input name="to" type="date" required />
        </label>
        <button type="submit">{words.accept}</button>
      </form>
    </>
  );
}
