import { useEffect, useState } from 'react';
import { z } from 'zod';
import { whileAway } from '../while-away.ts';
import { ask } from './ask.ts';

const settingsSchema = z.object({
  /** Whether maps are shown until the reader chooses. */
  map: z.boolean(),
});
export type PageSettings = z.infer<typeof settingsSchema>;

/** Where the service does not tell: a map that may not be wanted is not shown. */
const CAREFUL: PageSettings = { map: false };

/** How an administrator has set the page, asked once; undefined until it is known. */
export function usePageSettings(): PageSettings | undefined {
  const [settings, setSettings] = useState<PageSettings>();
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    whileAway(() => ask(settingsSchema, 'api/page', signal), { signal }).then(setSettings, () => {
      if (!signal.aborted) setSettings(CAREFUL);
    });
    return () => ending.abort();
  }, []);
  return settings;
}
