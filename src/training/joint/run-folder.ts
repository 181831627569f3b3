/** Settings, split and fingerprint of a run, in its folder. */
export const SETTINGS_FILE = 'settings.json';
