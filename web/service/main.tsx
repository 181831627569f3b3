/** The service's page: the worklist, and a study of it. */
import { startTransition } from 'react';
import '../style.css';
import { readLanguages } from './languages.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element to draw into');
readLanguages();
// One after the other, the checks of answers for themselves: a browser runs the code of all of them for the first time
const { createRoot } = await import('react-dom/client');
await import('../answered.ts');
const { ServicePage } = await import('./service-page.tsx');
startTransition(() => createRoot(root).render(<ServicePage />));
