import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { messageOf } from '../../src/base/index.ts';
import { whileAway } from '../while-away.ts';
import { WORDS } from '../words.ts';
import { ask } from './ask.ts';

export interface Asked<T> {
  readonly value?: T;
  readonly fault?: string;
  /** Asks once more. */
  again(): void;
  /** Does something, then asks once more; what goes wrong is the fault. Whether it went well. */
  act(what: () => Promise<unknown>): Promise<boolean>;
}

/** What an address gives, until somebody changes it; an answer that a newer question has overtaken is not taken. */
export function useAsked<T>(schema: z.ZodType<T>, address: string): Asked<T> {
  const [value, setValue] = useState<T>();
  const [fault, setFault] = useState<string>();
  const newest = useRef(0);
  const lastAsked = useRef<AbortController>(undefined);
  const load = useCallback(() => {
    newest.current += 1;
    const number = newest.current;
    const ifNewest =
      <Given>(take: (given: Given) => void) =>
      (given: Given): void => {
        if (number === newest.current) take(given);
      };
    lastAsked.current?.abort();
    const asking = new AbortController();
    lastAsked.current = asking;
    const onAway = (): void => ifNewest(setFault)(WORDS.away);
    whileAway(() => ask(schema, address), { signal: asking.signal, onAway }).then(
      ifNewest<T>((given) => {
        setFault((last) => (last === WORDS.away ? undefined : last));
        setValue(given);
      }),
      ifNewest((thrown: unknown) => setFault(messageOf(thrown))),
    );
  }, [schema, address]);
  const again = useCallback(() => {
    setFault(undefined);
    load();
  }, [load]);
  useEffect(() => {
    again();
    return () => lastAsked.current?.abort();
  }, [again]);
  const act = async (what: () => Promise<unknown>): Promise<boolean> => {
    setFault(undefined);
    try {
      await what();
      return true;
    } catch (thrown) {
      setFault(messageOf(thrown));
      return false;
    } finally {
      load();
    }
  };
  return {
    ...(value !== undefined && { value }),
    ...(fault !== undefined && { fault }),
    again,
    act,
  };
}
