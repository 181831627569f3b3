/** As a download of the browser. */
export function saveFile(name: string, bytes: Blob): void {
  const href = URL.createObjectURL(bytes);
  Object.assign(document.createElement('a'), { href, download: name }).click();
  // The browser has taken it by then
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
