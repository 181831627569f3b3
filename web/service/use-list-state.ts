import { useEffect, useState } from 'react';
import { type Filter, NO_FILTER } from './list-filter.ts';

export interface ListState {
  readonly filter: Filter;
  /** The study whose row keys start from. */
  readonly chosen: string | undefined;
  setFilter(change: (now: Filter) => Filter): void;
  setChosen(study: string | undefined): void;
}

/** What a reader has set on the list; kept while a study of it is looked at, whose row is the chosen one afterwards. */
export function useListState(opened: string | undefined): ListState {
  const [filter, setFilter] = useState(NO_FILTER);
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    if (opened !== undefined) setChosen(opened);
  }, [opened]);
  return { filter, chosen, setFilter, setChosen };
}
