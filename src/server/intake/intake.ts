import type { Archive, KeptObject } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import type { AnnouncedObject, ObjectInTransfer, SenderVisit } from '../dicom-network/visit.ts';
import { lookAgain } from '../look-again.ts';
import { factsOfHeld } from '../rules/facts.ts';
import { decide, type Rule } from '../rules/rule.ts';
import { completeFrom } from './completion-rule.ts';

/** How a study's objects came, as far as this process saw. */
interface Delivery {
  openVisits: number;
  lastEndAt: number | undefined;
  lastWasCut: boolean;
}

export interface IntakeEvents {
  kept(object: KeptObject): void;
  notKept(reason: unknown): void;
  log(text: string): void;
}

/** Takes objects, whoever sends them, and says when a study is complete. */
export interface Intake {
  /** One association or upload; `from` is what the journal says of it: `dicom STORESCU 127.0.0.1`. */
  visit(from: string): ObjectVisit;
  close(): Promise<void>;
}

/** As the DICOM network knows it; what is kept tells its study. */
export interface ObjectVisit extends SenderVisit {
  receive(announced: AnnouncedObject): Promise<ObjectInTransfer<KeptObject>>;
}

const LOOK_MS = 250;
const BY = 'intake';

export function createIntake(archive: Archive, events: IntakeEvents, rules: readonly Rule[] = []): Intake {
  const deliveries = new Map<string, Delivery>();
  const receiving = new Set<string>();
  for (const { study, state } of archive.index.studies()) if (state === 'receiving') receiving.add(study);
  const stopListening = archive.onEntry(({ study }) => {
    if (archive.index.study(study)?.state === 'receiving') receiving.add(study);
    else if (receiving.delete(study) && deliveries.get(study)?.openVisits === 0) deliveries.delete(study);
  });

  const isComplete = (study: string): boolean => {
    const held = archive.index.study(study);
    if (held === undefined) return false;
    const { openVisits = 0, lastEndAt, lastWasCut = false } = deliveries.get(study) ?? {};
    const completeAt = completeFrom({
      lastArrivalAt: Date.parse(held.lastArrivalAt),
      ...(lastEndAt !== undefined && { lastEndAt }),
      lastWasCut,
      openVisits,
      held: held.objects.size,
      ...(held.expected !== undefined && { expected: held.expected }),
    });
    return Date.now() >= completeAt;
  };
  const look = async (): Promise<void> => {
    const complete = [...receiving].filter(isComplete);
    await Promise.all(complete.map((study) => sortComplete(archive, study, rules)));
  };
  // A full disk: the next look tries again
  const looks = lookAgain(LOOK_MS, look, (thrown) =>
    events.log(`a study cannot be queued: ${messageOf(thrown)}`),
  );

  return {
    visit: (from) => new Visit(archive, from, deliveries, events),
    close: async () => {
      const ended = looks.close();
      stopListening();
      await ended;
    },
  };
}

/** A complete study waits for a worker, unless a rule says that it is not to be predicted; it is then seen with that reason. */
async function sortComplete(archive: Archive, study: string, rules: readonly Rule[]): Promise<void> {
  const held = archive.index.study(study);
  if (held === undefined) return;
  if (rules.length > 0) {
    const facts = await factsOfHeld(held, (instance) => archive.pathOf(study, instance));
    const { tried, urgent, destinations, notPredictedBy } = decide(rules, facts);
    const names = tried.filter(({ holds }) => holds).map(({ name }) => name);
    await archive.sort(study, { rules: names, urgent, ...(destinations && { destinations }) });
    if (notPredictedBy !== undefined) {
      const text = `the rule ${notPredictedBy} says that it is not to be predicted`;
      await archive.move(study, 'receiving', 'refused', BY, { code: 'not-by-rule', text });
      return;
    }
  }
  await archive.move(study, 'receiving', 'queued', BY);
}

class Visit implements ObjectVisit {
  readonly #archive: Archive;
  readonly #from: string;
  readonly #deliveries: Map<string, Delivery>;
  readonly #events: IntakeEvents;
  readonly #studies = new Set<string>();

  constructor(archive: Archive, from: string, deliveries: Map<string, Delivery>, events: IntakeEvents) {
    this.#archive = archive;
    this.#from = from;
    this.#deliveries = deliveries;
    this.#events = events;
  }

  async receive(announced: AnnouncedObject) {
    const object = await this.#archive.receive({ ...announced, from: this.#from });
    return {
      write: (part: Uint8Array) => object.write(part),
      discard: () => object.discard(),
      keep: async (): Promise<KeptObject> => {
        const kept = await object.keep();
        this.#brought(kept.study);
        this.#events.kept(kept);
        return kept;
      },
    };
  }

  notKept(reason: unknown): void {
    this.#events.notKept(reason);
  }

  ended(inOrder: boolean): void {
    for (const study of this.#studies) {
      const delivery = this.#delivery(study);
      delivery.openVisits--;
      delivery.lastEndAt = Date.now();
      delivery.lastWasCut = !inOrder;
      // It brought nothing new to a study that is complete
      const isReceiving = this.#archive.index.study(study)?.state === 'receiving';
      if (delivery.openVisits === 0 && !isReceiving) this.#deliveries.delete(study);
    }
    this.#studies.clear();
  }

  #brought(study: string): void {
    if (this.#studies.has(study)) return;
    this.#studies.add(study);
    this.#delivery(study).openVisits++;
  }

  #delivery(study: string): Delivery {
    const known = this.#deliveries.get(study);
    if (known !== undefined) return known;
    const delivery: Delivery = { openVisits: 0, lastEndAt: undefined, lastWasCut: false };
    this.#deliveries.set(study, delivery);
    return delivery;
  }
}
