/** Listens once for all pages of a browser, and tells each: `changes`, `lost`. */
import { listenHere } from './listen-here.ts';

const ports = new Set<MessagePort>();
let listening: AbortController | undefined;
let isLive = false;

function tell(what: 'changes' | 'lost'): void {
  isLive = what === 'changes';
  for (const port of ports) port.postMessage(what);
}

function listen(address: string): void {
  listening?.abort();
  listening = new AbortController();
  listenHere(address, { onChange: () => tell('changes'), onLost: () => tell('lost') }, listening.signal);
}

function leave(port: MessagePort): void {
  ports.delete(port);
  if (ports.size > 0) return;
  listening?.abort();
  isLive = false;
}

globalThis.addEventListener('connect', (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : [];
  if (port === undefined) return;
  port.addEventListener('message', ({ data }) => {
    if (data === 'left') return leave(port);
    ports.add(port);
    // A page that comes after a login brings a new session; the others hear of it too
    if (isLive) port.postMessage('changes');
    else listen(data);
  });
  port.start();
});
