/** What keys do with what stands on the page, where it is there. */
export const click = (id: string) => (): void => document.getElementById(id)?.click();
export const focus = (id: string) => (): void => document.getElementById(id)?.focus();
