import type { ReactNode } from 'react';
import { z } from 'zod';
import { WORDS } from '../../words.ts';
import { send } from '../ask.ts';
import { studyAddress } from '../study-address.ts';
import { goToStudy, StudyLink } from '../study-link.tsx';
import { useAsked } from '../use-asked.ts';
import { When } from '../when.tsx';
import { RowsPanel } from './rows-panel.tsx';
import type { TabProps } from './tabs.ts';

const failedSchema = z.object({
  items: z.array(
    z.object({
      studyInstanceUid: z.string(),
      reason: z.string().optional(),
      tries: z.number(),
      failedAt: z.string(),
    }),
  ),
});
const deliveriesSchema = z.object({
  items: z.array(
    z.object({
      studyInstanceUid: z.string(),
      destination: z.string(),
      tries: z.number(),
      at: z.string(),
      reason: z.string().optional(),
    }),
  ),
});
const { failed, undelivered, openStudy, requeue } = WORDS.admin;

const open = {
  key: 'Enter',
  words: openStudy,
  run: ({ studyInstanceUid }: { studyInstanceUid: string }): void => goToStudy(studyInstanceUid),
};

/** Studies whose prediction was given up. */
export function FailedTab({ keys }: TabProps): ReactNode {
  const { value, fault, act } = useAsked(failedSchema, 'api/jobs/failed?limit=200');
  return (
    <RowsPanel
      rows={value?.items}
      columns={failed.columns}
      none={failed.none}
      fault={fault}
      idOf={({ studyInstanceUid }) => studyInstanceUid}
      cellsOf={({ studyInstanceUid, reason, tries, failedAt }) => [
        <StudyLink key="study" study={studyInstanceUid} />,
        reason,
        tries,
        <When key="failed" at={failedAt} />,
      ]}
      actions={[
        {
          key: 'q',
          words: failed.again,
          run: ({ studyInstanceUid }) => act(() => send('POST', `${studyAddress(studyInstanceUid)}/predict`)),
        },
        open,
      ]}
      more={keys}
    />
  );
}

/** Results that a destination refused too often. */
export function UndeliveredTab({ keys }: TabProps): ReactNode {
  const { value, fault, act } = useAsked(deliveriesSchema, 'api/deliveries?state=given-up&limit=200');
  return (
    <RowsPanel
      rows={value?.items}
      columns={undelivered.columns}
      none={undelivered.none}
      fault={fault}
      idOf={({ studyInstanceUid, destination }) => `${studyInstanceUid} ${destination}`}
      cellsOf={({ studyInstanceUid, destination, reason, tries, at }) => [
        <StudyLink key="study" study={studyInstanceUid} />,
        destination,
        reason,
        tries,
        <When key="last" at={at} />,
      ]}
      actions={[
        {
          key: 'q',
          words: requeue,
          run: ({ studyInstanceUid, destination }) =>
            act(() =>
              send(
                'POST',
                `${studyAddress(studyInstanceUid)}/deliveries/${encodeURIComponent(destination)}/requeue`,
              ),
            ),
        },
        open,
      ]}
      more={keys}
    />
  );
}
