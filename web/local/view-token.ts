/** Of the address that `ichor view` printed; undefined on a page that nothing is offered to. */
export const viewToken = (): string | undefined => /^#view=([\w-]+)$/.exec(globalThis.location.hash)?.[1];
