/** What an account or a token can have. */
export const PERSON_ROLES = ['reader', 'operator', 'administrator'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** Who may use a route, the least first: each may what those before it may. */
export const ROLES = ['anyone', ...PERSON_ROLES] as const;
export type Role = (typeof ROLES)[number];

export const mayUse = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);
