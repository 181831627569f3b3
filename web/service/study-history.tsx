import { type ReactNode, useState } from 'react';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { actionText, auditSchema, auditText } from './admin/audit-tab.tsx';
import { whenText } from './texts.ts';
import { useAsked } from './use-asked.ts';

const words = WORDS.admin.audit;

/** What others did with a study, for those who may see it; asked for when it is opened. */
export function StudyHistory({ study }: { study: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="history" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary id="history" {...keyed('H')}>
        {words.history}
      </summary>
      {isOpen && <Lines study={study} />}
    </details>
  );
}

function Lines({ study }: { study: string }): ReactNode {
  const { value, fault } = useAsked(auditSchema, `api/audit?limit=50&study=${study}`);
  if (fault !== undefined) return <p className="fault">{fault}</p>;
  return (
    <table>
      <tbody>
        {value?.items.map((line) => (
          <tr key={line.line}>
            <td>{whenText(line.at)}</td>
            <td>
              {line.who} {actionText(line.action)} {auditText(line)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
