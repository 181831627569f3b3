import { IchorError } from '../errors.ts';
import type { Answer, Reply } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: Error) => void;
}

/** Questions put to a computing thread that wait for their answer, by number. */
export class OpenQuestions {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #ended: Error | undefined;

  get none(): boolean {
    return this.#waiting.size === 0;
  }

  /** Rejects with what the thread threw, or with why it ended. */
  async ask(send: (id: number) => void): Promise<Answer> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = ++this.#count;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, { resolve, reject });
    send(id);
    return await promise;
  }

  settle({ id, answer, fault }: Reply): void {
    const asked = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer === undefined) asked?.reject(errorOf(fault));
    else asked?.resolve(answer);
  }

  /** The thread has ended: nobody waits for it any longer, and nobody may ask. The first reason holds. */
  end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

function errorOf(fault: Reply['fault'] = { text: 'the computing thread gave no answer' }): Error {
  const { text, code } = fault;
  return code === undefined ? new Error(text) : new IchorError(code, text);
}

/** Why nothing can be asked of a runtime that was closed. */
export const closedRuntime = (): IchorError => new IchorError('runtime-closed', 'the runtime is closed');
