import { expect, test } from 'vitest';
import { around, placeSlice, planeMm } from './placement.ts';
import type { Pane } from './shown-study.ts';
import {
  alone,
  changed,
  headTopMm,
  nearestSlice,
  switchActive,
  switchLink,
  withPrior,
} from './side-by-side.ts';
import { fitted, panBy, startingView, toSlice, type View, zoomAbout } from './view.ts';

/** A head of 200 mm square from the first slice up to `topMm`, air above it. */
function pane(firstMm: number, spacingMm: number, slices: number, topMm: number): Pane {
  const positionsMm = Array.from({ length: slices }, (_, i) => firstMm + i * spacingMm);
  const hu = positionsMm.map((mm) => new Int16Array(64).fill(mm <= topMm ? 33 : -1000));
  const geometry = {
    ...{ pixelSpacingMm: { row: 25, column: 25 }, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] },
    ...{ sliceSpacingMm: spacingMm, gantryTiltDegrees: 0, orientationKnown: true },
  } as const;
  const volume = { hu, slices, rows: 8, columns: 8, geometry };
  return { volume, positionsMm, curves: {}, mapClasses: [] };
}

const own = pane(0, 5, 30, 120);
const prior = pane(-300, 2.5, 60, -190);
const panes = { own, prior };
const opened = withPrior(alone(startingView(10)), panes);
const positions = ({ own: a, prior: b }: typeof opened) => [
  own.positionsMm[a.slice],
  prior.positionsMm[b?.slice ?? -1],
];

test('the top of a head is found below the air', () => {
  expect([headTopMm(own), headTopMm(prior)]).toEqual([120, -190]);
  expect(headTopMm(pane(0, 5, 4, -1))).toBe(15);
});

test('a prior opens at the same distance from the top of the head, and scrolls along by mm', () => {
  expect(positions(opened)).toEqual([50, -260]);
  const scrolled = changed(opened, 'own', (view) => toSlice(view, 12, 30), panes);
  expect(positions(scrolled)).toEqual([60, -250]);
  expect(positions(changed(scrolled, 'prior', (view) => toSlice(view, 0, 60), panes))).toEqual([10, -300]);
});

const bone = { name: 'bone', centerHu: 480, widthHu: 2500 };

test('linked panes take a window, zoom and move together, also where one was put aside before', () => {
  const aside = changed(switchLink(opened, panes), 'prior', (view) => panBy(view, 30, 0), panes);
  const linked = switchLink(aside, panes);
  const zoom = (view: View) => ({ ...zoomAbout(view, 2, 10, 0), displayWindow: bone });
  const after = changed(linked, 'own', zoom, panes);
  expect(after.prior).toMatchObject({ displayWindow: bone, zoom: 2 });
  // 30 px apart at zoom 1: the same place of both heads lies 60 apart at zoom 2
  expect([after.own.panX, after.prior?.panX]).toEqual([-10, 50]);
  expect(changed(after, 'prior', fitted, panes)).toMatchObject({
    ...{ own: { zoom: 1, panX: 0 }, prior: { zoom: 1, panX: 0 } },
  });
});

test('unlinked, each pane has its own window, zoom and place; linked anew, those of the active one', () => {
  const change = (view: View) => ({ ...view, displayWindow: bone, zoom: 2 });
  const after = changed(switchLink(opened, panes), 'prior', change, panes);
  expect([after.own.displayWindow.name, after.own.zoom, after.own.slice]).toEqual(['brain', 1, 10]);
  expect([after.prior?.displayWindow, after.prior?.zoom]).toEqual([bone, 2]);
  expect(switchLink(switchActive(after), panes).own).toMatchObject({ displayWindow: bone, zoom: 2 });
});

test('two fields of view are shown at one scale', () => {
  const large = { ...prior.volume, columns: 12, rows: 12 };
  const both = around(planeMm(own.volume), planeMm(large));
  const width = (volume: typeof large) =>
    placeSlice(volume, { width: 400, height: 300 }, startingView(0), both).width / planeMm(volume).width;
  expect(width(own.volume)).toBeCloseTo(width(large), 12);
  expect(width(large)).toBeCloseTo(300 / 300, 12);
});

test('linked anew, the two keep the distance that the reader gave them', () => {
  const loose = switchLink(opened, panes);
  const moved = changed(loose, 'prior', (view) => toSlice(view, view.slice + 4, 60), panes);
  expect(positions(moved)).toEqual([50, -250]);
  const again = changed(switchLink(moved, panes), 'own', (view) => toSlice(view, 11, 30), panes);
  expect(positions(again)).toEqual([55, -245]);
});

test('keys change the other pane only where there is one', () => {
  expect(switchActive(opened).active).toBe('prior');
  expect(switchActive(alone(startingView(3))).active).toBe('own');
  expect(withPrior(switchActive(opened), { own })).toEqual(alone(opened.own));
});

test('the nearest slice of any spacing; ends are kept', () => {
  expect([nearestSlice([0, 4, 5], 4.6), nearestSlice([0, 4, 5], 99), nearestSlice([0, 4, 5], -9)]).toEqual([
    2, 2, 0,
  ]);
});
