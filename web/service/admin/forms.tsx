import type { FormEvent, ReactNode } from 'react';
import { WORDS } from '../../words.ts';

export const ROLES = [
  { role: 'reader', key: 'r' },
  { role: 'operator', key: 'o' },
  { role: 'administrator', key: 'm' },
] as const;

const words = WORDS.admin.forms;

type Sent = FormEvent<HTMLFormElement>;

/** The fields of a form by name; the browser does not send it. */
export function fieldsOf(event: Sent): Readonly<Record<string, string>> {
  event.preventDefault();
  const fields = new FormData(event.currentTarget);
  return Object.fromEntries([...fields].map(([name, value]) => [name, String(value)]));
}

/** The form is empty once its fields were taken: what was refused can be mended. */
async function emptied(event: Sent, isTaken: Promise<boolean>): Promise<void> {
  const form = event.currentTarget;
  if (await isTaken) form.reset();
}

interface AccountProps {
  readonly title: string;
  /** What a user has, or a token. */
  readonly last: 'password' | 'days';
  /** Whether it was taken. */
  onSend(made: object): Promise<boolean>;
}

/** A new user, or a new token. */
export function NewAccount({ title, last, onSend }: AccountProps): ReactNode {
  return (
    <form
      aria-keyshortcuts="a"
      onSubmit={(event) => {
        const { name, role, password, days } = fieldsOf(event);
        const made = { name, role, ...(last === 'password' ? { password } : { days: Number(days) }) };
        emptied(event, onSend(made));
      }}
    >
      <h2>{title}</h2>
      <label>
        {words.name} <input id="new-name" name="name" required autoComplete="off" />
      </label>
      <label>
        {words.role}{' '}
        <select name="role">
          {ROLES.map(({ role }) => (
            <option key={role}>{role}</option>
          ))}
        </select>
      </label>
      {last === 'password' ? (
        <label>
          {words.password}{' '}
          <input name="password" type="password" required minLength={12} autoComplete="new-password" />
        </label>
      ) : (
        <label>
          {words.days} <input name="days" type="number" min={1} max={3650} defaultValue={365} required />
        </label>
      )}
      <button type="submit">{words.add}</button>
    </form>
  );
}

export function PasswordForm(props: { name: string; onSend(password: string): Promise<boolean> }): ReactNode {
  const { name, onSend } = props;
  return (
    <form aria-keyshortcuts="p" onSubmit={(event) => emptied(event, onSend(fieldsOf(event).password ?? ''))}>
      {/* So that a browser that keeps passwords keeps it for this user */}
      <input hidden readOnly autoComplete="username" value={name} />
      <h2>
        {words.newPassword} {name}
      </h2>
      <label>
        {words.password}{' '}
        <input
          id="password"
          name="password"
          type="password"
          required
          minLength={12}
          autoComplete="new-password"
        />
      </label>
      <button type="submit">{words.set}</button>
    </form>
  );
}
