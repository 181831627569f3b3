import { expect, test } from 'vitest';
import { openTestService, STUDY } from './service-fixture.ts';

test('a study that a newer result takes back keeps its place, with the reason, until it is read', async () => {
  const service = await openTestService();
  try {
    await service.receive();
    await service.predict({ probability: 0.9, positive: true });
    const row = async () => (await service.app.inject('/api/worklist')).json().items[0];
    expect(await row()).toMatchObject({ rankReason: 'suspected hemorrhage' });
    await service.predict({ probability: 0.1, positive: false });
    expect(await row()).toMatchObject({
      rankReason: 'suspected hemorrhage by an earlier result, not by the newest',
      anyHemorrhage: { probability: 0.1, positive: false },
    });
    await service.app.inject({ method: 'POST', url: `/api/studies/${STUDY}/read` });
    expect(await row()).toMatchObject({ rankReason: 'read' });
    const takenBack = await service.app.inject({ method: 'DELETE', url: `/api/studies/${STUDY}/read` });
    expect(takenBack.statusCode).toBe(204);
    expect(await row()).toMatchObject({ read: false, rankReason: expect.stringContaining('suspected') });
  } finally {
    await service.close();
  }
});
