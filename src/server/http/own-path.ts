/** Only a path of ours is gone to after a login: `//elsewhere` and `/\elsewhere` are other hosts to a browser. */
export function ownPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) ? next : '/';
}
