import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ListKeys } from '../../list-keys.tsx';
import { type KeyAction, keyed } from '../../study/actions.ts';
import { WORDS } from '../../words.ts';

/** What can be done with the chosen row. */
export interface RowAction<Row> {
  readonly key: string;
  readonly words: string;
  /** Where it is absent, always. */
  mayRun?(row: Row): boolean;
  /** Asked before, where a slip of a key would hurt. */
  confirm?(row: Row): string;
  run(row: Row): void;
}

interface Props<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly string[];
  /** In words, where there are no rows. */
  readonly none: string;
  readonly actions: readonly RowAction<NoInfer<Row>>[];
  /** Keys that do not concern a row. */
  readonly more: readonly KeyAction[];
  readonly fault?: string | undefined;
  /** What stands below the rows, for the chosen one. */
  readonly children?: (row: Row | undefined) => ReactNode;
  idOf(row: NoInfer<Row>): string;
  cellsOf(row: NoInfer<Row>): readonly ReactNode[];
}

const words = WORDS.admin;

/** A table with a chosen row, and buttons for what can be done with it: the same by pointer, touch and key. */
export function RowsPanel<Row>(props: Props<Row>): ReactNode {
  const { rows = [], columns, none, actions, more, fault, children, idOf, cellsOf } = props;
  const [chosen, setChosen] = useState<string>();
  const at = Math.max(
    0,
    rows.findIndex((row) => idOf(row) === chosen),
  );
  const row = rows[at];
  const current = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen !== undefined) current.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const step = (by: number) => (): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next !== undefined) setChosen(idOf(next));
  };
  const can = ({ mayRun }: RowAction<Row>): boolean => row !== undefined && (mayRun?.(row) ?? true);
  const run = (action: RowAction<Row>) => (): void => {
    if (row === undefined || !can(action)) return;
    const question = action.confirm?.(row);
    if (question === undefined || globalThis.confirm(question)) action.run(row);
  };
  const keys: readonly KeyAction[] = [
    { keys: ['ArrowDown', 'j'], words: words.keys.down, run: step(1) },
    { keys: ['ArrowUp', 'k'], words: words.keys.up, run: step(-1) },
    ...actions.map((action) => ({
      keys: [action.key],
      words: action.words,
      run: run(action),
    })),
  ];
  return (
    <>
      {actions.length > 0 && (
        <p className="toolbar">
          {row !== undefined && (
            <span className="chosen">
              {words.chosen} <b>{idOf(row)}</b>
            </span>
          )}
          {actions.map((action) => (
            <button
              key={action.key}
              type="button"
              disabled={!can(action)}
              {...keyed(action.key)}
              onClick={run(action)}
            >
              {action.words}
            </button>
          ))}
        </p>
      )}
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <div className="table">
        <table>
          <thead>
            <tr>
              {columns.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr
                key={idOf(one)}
                ref={one === row ? current : undefined}
                aria-current={one === row}
                onPointerDown={() => setChosen(idOf(one))}
              >
                {[...cellsOf(one).entries()].map(([i, cell]) => (
                  <td key={columns[i]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="muted">{props.rows === undefined ? words.asking : none}</p>}
      </div>
      {children?.(row)}
      <ListKeys actions={[...keys, ...more]} />
    </>
  );
}
