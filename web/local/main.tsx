/** The page without a server: reads, predicts and shows in the browser alone. */
import { startTransition } from 'react';
import '../style.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element to draw into');
// One after the other: a browser runs the code of all of them for the first time
const { createRoot } = await import('react-dom/client');
const { LocalPage } = await import('./local-page.tsx');
startTransition(() => createRoot(root).render(<LocalPage />));
