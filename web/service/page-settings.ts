import { useEffect, useState } from 'react';
import { z } from 'zod';
import { answered } from '../answered.ts';

const settingsSchema = z.object({
  /** Whether maps are shown until the reader chooses. */
  map: z.boolean(),
});
export type PageSettings = z.infer<typeof settingsSchema>;

/** Where the service does not tell: a map that may not be wanted is not shown. */
const CAREFUL: PageSettings = { map: false };

/** How an administrator has set the page; undefined until it is known. */
export function usePageSettings(): PageSettings | undefined {
  const [settings, setSettings] = useState<PageSettings>();
  useEffect(() => {
    fetch('api/page')
      .then(answered)
      .then(async (response) => setSettings(settingsSchema.parse(await response.json())))
      .catch(() => setSettings(CAREFUL));
  }, []);
  return settings;
}
