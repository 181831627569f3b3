/** The service's page: the worklist, and a study of it. */
import { startTransition } from 'react';
import { hasGraphicsCard } from '../study/graphics-card.ts';
import '../style.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element to draw into');
// The first picture then waits for no driver
void hasGraphicsCard();
// One after the other, the checks of answers for themselves: a browser runs the code of all of them for the first time
const { createRoot } = await import('react-dom/client');
await import('../answered.ts');
const { ServicePage } = await import('./service-page.tsx');
startTransition(() => createRoot(root).render(<ServicePage />));
