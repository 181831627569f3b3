/** The page without a server: reads, predicts and shows in the browser alone. */
import { createRoot } from 'react-dom/client';
import '../style.css';
import { LocalPage } from './local-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element to draw into');
createRoot(root).render(<LocalPage />);
