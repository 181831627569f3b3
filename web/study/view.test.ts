import { expect, test } from 'vitest';
import { ACTIONS, type Field, isOfField } from './actions.ts';
import {
  fitted,
  nextSuspicious,
  panBy,
  pinched,
  startingView,
  toSlice,
  windowBy,
  zoomAbout,
} from './view.ts';

const VIEW = startingView(3);

test('slices end where the series ends', () => {
  expect(toSlice(VIEW, -2, 10).slice).toBe(0);
  expect(toSlice(VIEW, 99, 10).slice).toBe(9);
});

test('what lies under the pointer stays there while the picture is zoomed', () => {
  const moved = panBy(VIEW, 12, -7);
  const zoomed = zoomAbout(moved, 2, 100, 40);
  // A point of the picture, in pixels from its centre at zoom 1, before and after
  const under = ({ zoom, panX, panY }: typeof VIEW) => [(100 - panX) / zoom, (40 - panY) / zoom];
  expect(under(zoomed)).toBeAllClose(under(moved), { absolute: 1e-9 });
  expect(zoomAbout(VIEW, 1000, 0, 0).zoom).toBe(16);
  expect(fitted(zoomed)).toMatchObject({ zoom: 1, panX: 0, panY: 0 });
});

test('a window drag: right is wider, up is brighter', () => {
  const { displayWindow } = windowBy(VIEW, 20, -20);
  expect(displayWindow).toEqual({ name: 'own', centerHu: 30, widthHu: 90 });
  expect(windowBy(VIEW, -500, 0).displayWindow.widthHu).toBe(2);
});

test('keys jump between suspicious slices, and stay where there is none', () => {
  const curve = { probabilities: [0.9, 0.1, 0.5, 0.2, 0.1, 0.7], threshold: 0.5 };
  expect(nextSuspicious(VIEW, curve, 1)).toBe(5);
  expect(nextSuspicious(VIEW, curve, -1)).toBe(2);
  expect(nextSuspicious(startingView(5), curve, 1)).toBeUndefined();
});

test('no key has two actions', () => {
  const keys = ACTIONS.flatMap((action) => action.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each<[Field, string, string]>([
  ['none', '', 'n3 ArrowUp Escape'],
  ['slider', 'ArrowUp PageDown Home End Escape', 'n b 3 m [ ? a'],
  ['menu', 'ArrowDown n b s Enter Escape', '3 [ ? , .'],
  ['text', 'n 3 ArrowUp ? Escape', ''],
])('a field (%s) takes its own keys and leaves the others to the picture', (field, own, others) => {
  const listed = (keys: string): string[] => keys.split(' ').filter((key) => key !== '');
  const taken = (keys: string): string[] => listed(keys).filter((key) => isOfField(field, key));
  expect(taken(own)).toEqual(listed(own));
  expect(taken(others)).toEqual([]);
});

test('two fingers that move unevenly leave the picture where even ones do', () => {
  // Both go 50 to the right: one in eight steps, the other in one
  let view = startingView(0);
  for (let x = -80; x < -30; x += 6.25)
    view = pinched(view, { x, y: 0 }, { x: x + 6.25, y: 0 }, { x: 80, y: 0 });
  view = pinched(view, { x: 80, y: 0 }, { x: 130, y: 0 }, { x: -30, y: 0 });
  expect(view.panX).toBeCloseTo(50);
  expect(view.zoom).toBeCloseTo(1);
});
