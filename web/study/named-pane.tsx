import type { ReactNode } from 'react';

interface Props {
  readonly name: string;
  readonly kind: 'own' | 'prior';
  readonly isActive: boolean;
  readonly children: ReactNode;
  onActive(): void;
}

/** One of two panes: which study it is stands above the picture, for one must not be taken for the other. */
export function NamedPane({ name, kind, isActive, children, onActive }: Props): ReactNode {
  return (
    <section
      className={`pane ${kind} ${isActive ? 'active' : ''}`}
      aria-label={name}
      onPointerDownCapture={onActive}
    >
      <h2>{name}</h2>
      {children}
    </section>
  );
}
