import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { WORDS } from '../../words.ts';
import { send } from '../ask.ts';
import { whenText } from '../texts.ts';
import { useAsked } from '../use-asked.ts';
import { When } from '../when.tsx';
import { RowsPanel } from './rows-panel.tsx';
import type { TabProps } from './tabs.ts';

const destinationsSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['dicom', 'stow', 'fhir', 'webhook', 'hl7']),
      address: z.string(),
      when: z.enum(['result', 'positive', 'refused', 'always']),
      studies: z.object({ delivered: z.number(), waiting: z.number(), 'given-up': z.number() }),
      lastDeliveredAt: z.string().optional(),
      lastFailure: z.object({ at: z.string(), text: z.string() }).optional(),
    }),
  ),
});
const checkSchema = z.object({ well: z.boolean(), text: z.string() });
const words = WORDS.admin.destinations;

/** Who gets results, and how it stands with each. */
export function DestinationsTab({ keys }: TabProps): ReactNode {
  const { value, fault, act } = useAsked(destinationsSchema, 'api/destinations');
  const [check, setCheck] = useState<z.infer<typeof checkSchema>>();
  const addressOf = (name: string, what: string): string =>
    `api/destinations/${encodeURIComponent(name)}/${what}`;
  return (
    <RowsPanel
      rows={value?.items}
      columns={words.columns}
      none={words.none}
      fault={fault}
      idOf={({ name }) => name}
      cellsOf={({ name, kind, address, when, studies, lastDeliveredAt, lastFailure }) => [
        name,
        `${words.kinds[kind]}, ${address}`,
        words.gets[when],
        studies.delivered,
        studies.waiting,
        studies['given-up'] > 0 ? (
          <b key="given-up" className="urgent">
            {studies['given-up']}
          </b>
        ) : (
          0
        ),
        <When key="delivered" at={lastDeliveredAt} />,
        lastFailure && `${whenText(lastFailure.at)}: ${lastFailure.text}`,
      ]}
      actions={[
        {
          key: 'c',
          words: words.check,
          run: ({ name }) =>
            act(async () =>
              setCheck(checkSchema.parse(await (await send('POST', addressOf(name, 'check'))).json())),
            ),
        },
        {
          key: 'q',
          words: words.requeue,
          mayRun: ({ studies }) => studies['given-up'] > 0,
          run: ({ name }) => act(() => send('POST', addressOf(name, 'requeue'))),
        },
      ]}
      more={keys}
    >
      {() =>
        check && (
          <p role="status" className={check.well ? '' : 'fault'}>
            {check.text}
          </p>
        )
      }
    </RowsPanel>
  );
}
