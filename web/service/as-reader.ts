/** Under this header the page says whom it shows; the service refuses what comes with the session of somebody else. */
const HEADER = 'x-ichor-reader';
export const ANOTHER_READER = 409;

let shown: string | undefined;

export const showReader = (name: string): void => {
  shown = name;
};

/** In another tab somebody else may have logged in since: what is done here must not be kept as theirs. */
export const asReader = (): Record<string, string> =>
  shown === undefined ? {} : { [HEADER]: encodeURIComponent(shown) };
