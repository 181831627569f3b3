import { z } from 'zod';
import type { Api } from './api.ts';

const pageSettingsSchema = z.object({
  map: z.boolean().describe('whether heat maps are shown until a reader chooses otherwise'),
});
export type PageSettings = z.infer<typeof pageSettingsSchema>;

export const DEFAULT_PAGE: PageSettings = { map: true };

/** What the page is to be like, as the configuration says. */
export function pageSettingsRoute(app: Api, settings: PageSettings): void {
  app.get(
    '/api/page',
    {
      config: { role: 'reader', audit: 'nothing' },
      schema: { summary: 'How the page is set', response: { 200: pageSettingsSchema } },
    },
    async () => settings,
  );
}
