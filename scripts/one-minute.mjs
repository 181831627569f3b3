// From an installed package to a result on the list: starts `ichor serve` as it comes, sends a study with dcmtk's storescu,
// and asks the list until the study stands there with its result. Gives the seconds to the row and to the result.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_SECONDS = 60;

export async function oneMinute({ command, study, cwd, env }) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const service = spawn(command, ['serve', '--port', '0', '--dicom-port', '0'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { list, port } = await addressesOf(service);
    execFileSync('storescu', ['-aec', 'ICHOR', '127.0.0.1', port, '+sd', '+r', study], {
      cwd,
      stdio: 'inherit',
    });
    const row = await rowWhen(list, () => true);
    const rowSeconds = seconds();
    await rowWhen(list, ({ state }) => state === 'done');
    return { rowSeconds, resultSeconds: seconds(), row };
  } finally {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }

  async function rowWhen(list, isSo) {
    for (;;) {
      const { items } = await (await fetch(list)).json();
      const found = items.find(isSo);
      if (found !== undefined) return found;
      if (seconds() > 10 * PATIENCE_SECONDS) throw new Error(`no such row: ${JSON.stringify(items)}`);
      await pause(200);
    }
  }
}

/** What `ichor serve` prints first: where its list and its DICOM port are. */
async function addressesOf(service) {
  const said = [];
  for await (const line of createInterface({ input: service.stdout })) {
    said.push(line);
    const list = /http:\S+\/api\/worklist/.exec(said.join('\n'))?.[0];
    const port = /^DICOM: .* port (\d+)/m.exec(said.join('\n'))?.[1];
    if (list !== undefined && port !== undefined) return { list, port };
  }
  throw new Error(`the service ended: ${said.join('\n')}`);
}
