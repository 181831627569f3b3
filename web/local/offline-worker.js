/** Keeps every file of the page, the model too, so that it opens and predicts without a network. */
const ALL_PARTS = __PARTS__;
// Large, and of no use to a browser without WebGPU
const PARTS = 'gpu' in self.navigator ? ALL_PARTS : ALL_PARTS.filter((part) => !part.includes('asyncify'));
const STORE = 'ichor-__VERSION__';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(PARTS)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

async function takeOver() {
  for (const name of await caches.keys())
    if (name.startsWith('ichor-') && name !== STORE) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener('fetch', (event) => {
  event.respondWith(
    caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)),
  );
});
