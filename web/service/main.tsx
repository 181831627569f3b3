/** The service's page: the worklist, and a study of it. */
import { createRoot } from 'react-dom/client';
import '../style.css';
import { ServicePage } from './service-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element to draw into');
createRoot(root).render(<ServicePage />);
