/** Every action of the study's page, with its key: what `?` lists is what the keys do. */
import { WORDS } from '../words.ts';
import type { Pane } from './shown-study.ts';
import {
  fitted,
  mapOpacityBy,
  nextSuspicious,
  panBy,
  type Tool,
  toSlice,
  type View,
  WINDOW_PRESETS,
  windowBy,
  zoomAbout,
} from './view.ts';

/** A row of what `?` lists. */
export interface KeyRow {
  /** As KeyboardEvent.key has it; `Ctrl+Z` with Ctrl or Cmd held. */
  readonly keys: readonly string[];
  readonly words: string;
}

export interface Action extends KeyRow {
  /** It changes the study, also where keys move its prior, which has no map and no probability. */
  readonly isOfOwn?: boolean;
  change(view: View, pane: Pane): View;
}

/** What a key does where no picture is shown. */
export interface KeyAction extends KeyRow {
  run(): void;
}

/** What a key does beside the picture. */
export interface PageAction extends KeyRow {
  run(view: View, onChange: (change: (view: View) => View) => void): void;
}

const step =
  (by: number) =>
  (view: View, { volume }: Pane): View =>
    toSlice(view, view.slice + by, volume.slices);

const jump =
  (direction: 1 | -1) =>
  (view: View, { curves }: Pane): View => {
    const curve = curves[view.mapClass];
    const found = curve && nextSuspicious(view, curve, direction);
    return found === undefined ? view : { ...view, slice: found };
  };

const chosen =
  (tool: Tool) =>
  (view: View): View => ({ ...view, tool });

function nextMapClass(view: View, { mapClasses }: Pane): View {
  const next = mapClasses[(mapClasses.indexOf(view.mapClass) + 1) % mapClasses.length];
  return next === undefined ? view : { ...view, mapClass: next };
}

const PAN_PX = 40;
const words = WORDS.study.actions;

export const ACTIONS: readonly Action[] = [
  { keys: ['ArrowUp', 'k'], words: words.up, change: step(1) },
  { keys: ['ArrowDown', 'j'], words: words.down, change: step(-1) },
  { keys: ['PageUp'], words: words.fiveUp, change: step(5) },
  { keys: ['PageDown'], words: words.fiveDown, change: step(-5) },
  {
    keys: ['End'],
    words: words.top,
    change: (view, { volume }) => toSlice(view, volume.slices, volume.slices),
  },
  {
    keys: ['Home'],
    words: words.bottom,
    change: (view, { volume }) => toSlice(view, 0, volume.slices),
  },
  { keys: ['n'], words: words.suspiciousUp, isOfOwn: true, change: jump(1) },
  { keys: ['b'], words: words.suspiciousDown, isOfOwn: true, change: jump(-1) },
  ...WINDOW_PRESETS.map((displayWindow, i) => ({
    keys: [String(i + 1)],
    words: words.window(displayWindow.name, `${displayWindow.centerHu} / ${displayWindow.widthHu}`),
    change: (view: View): View => ({ ...view, displayWindow }),
  })),
  { keys: ['['], words: words.darker, change: (view) => windowBy(view, 0, 10) },
  { keys: [']'], words: words.brighter, change: (view) => windowBy(view, 0, -10) },
  { keys: ['{'], words: words.narrower, change: (view) => windowBy(view, -10, 0) },
  { keys: ['}'], words: words.wider, change: (view) => windowBy(view, 10, 0) },
  {
    keys: ['m'],
    words: words.map,
    isOfOwn: true,
    change: (view) => ({ ...view, isMapShown: !view.isMapShown }),
  },
  { keys: ['h'], words: words.mapClass, isOfOwn: true, change: nextMapClass },
  { keys: [','], words: words.fainter, isOfOwn: true, change: (view) => mapOpacityBy(view, -0.1) },
  { keys: ['.'], words: words.stronger, isOfOwn: true, change: (view) => mapOpacityBy(view, 0.1) },
  { keys: ['+', '='], words: words.zoomIn, change: (view) => zoomAbout(view, 1.25, 0, 0) },
  { keys: ['-'], words: words.zoomOut, change: (view) => zoomAbout(view, 1 / 1.25, 0, 0) },
  { keys: ['f'], words: words.fit, change: fitted },
  { keys: ['ArrowLeft'], words: words.left, change: (view) => panBy(view, -PAN_PX, 0) },
  { keys: ['ArrowRight'], words: words.right, change: (view) => panBy(view, PAN_PX, 0) },
  {
    keys: ['i'],
    words: words.smooth,
    change: (view) => ({ ...view, isSmooth: !view.isSmooth }),
  },
  { keys: ['s'], words: words.dragScroll, change: chosen('scroll') },
  { keys: ['w'], words: words.dragWindow, change: chosen('window') },
  { keys: ['p'], words: words.dragPan, change: chosen('pan') },
  { keys: ['z'], words: words.dragZoom, change: chosen('zoom') },
  { keys: ['l'], words: words.dragLength, change: chosen('length') },
];

/** As it stands on a keyboard; a capital is not told from its small letter at a glance. */
export const keyText = (key: string): string =>
  /^[A-Z]$/.test(key) ? `Shift+${key}` : key.replace('Arrow', '');

/** What a button says of its keys, which blanks separate, to whoever points at it and to readers of screens. */
export function keyed(keys: string) {
  const text = keys.split(' ').map(keyText).join(' ');
  return { title: WORDS.keys.ofButton(text), 'aria-keyshortcuts': text };
}

/** Done with a mouse, for the list of keys. */
export const MOUSE_HABITS = WORDS.study.habits;

/** The row of a key that was pressed; undefined for other keys, and while a text is typed. */
export function rowOf<Row extends KeyRow>(
  rows: readonly Row[],
  { key: letter, ctrlKey, metaKey, shiftKey, altKey, target }: KeyboardEvent,
): Row | undefined {
  const isHeld = ctrlKey || metaKey;
  if (altKey || (isHeld && shiftKey)) return undefined;
  const key = isHeld ? `Ctrl+${letter.toUpperCase()}` : letter;
  if (target instanceof HTMLElement && isOfField(fieldOf(target), key)) return undefined;
  // Enter presses the button that has the focus
  if (key === 'Enter' && target instanceof HTMLElement && target.closest('a, button')) return undefined;
  return rows.find(({ keys }) => keys.includes(key));
}

/** Escape leaves the field that a text is typed into, so that keys are at work again. */
export function leaveField(event: KeyboardEvent): void {
  const { key, target } = event;
  if (key !== 'Escape' || !(target instanceof HTMLElement) || !target.matches(FIELD)) return;
  // A browser would empty a search that is left so
  event.preventDefault();
  target.blur();
}

const FIELD = 'input, select, textarea';

/** What has the focus, by what it does with keys. */
export type Field = 'none' | 'slider' | 'menu' | 'text';

function fieldOf(target: HTMLElement): Field {
  if (target.closest('dialog[open]')) return 'text';
  const field = target.closest(FIELD);
  if (field === null || field.matches('[type=checkbox]')) return 'none';
  if (field.matches('[type=range]')) return 'slider';
  return field.matches('select') ? 'menu' : 'text';
}

/** Steps through values. */
const STEPS = /^(Arrow|Page|Home$|End$)/;

/** Whether the field takes the key for itself: a slider steps, a menu steps and finds by letters. Escape leaves it. */
export function isOfField(field: Field, key: string): boolean {
  if (field === 'none') return false;
  if (field === 'text' || key === 'Escape' || STEPS.test(key)) return true;
  return field === 'menu' && /^(\p{L}| |Enter)$/u.test(key);
}
