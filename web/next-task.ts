/** Lets the page answer before the next step of something long. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
