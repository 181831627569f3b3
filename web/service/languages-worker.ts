/** Makes the browser read its table of languages. */
globalThis.postMessage(new Intl.DateTimeFormat().resolvedOptions().locale);
