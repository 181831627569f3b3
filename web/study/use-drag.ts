import { type PointerEvent, useEffect, useRef } from 'react';
import { type Measurement, type Place, placeAt, type Rectangle, type Size } from './placement.ts';
import type { ShownVolume } from './shown-study.ts';
import { panBy, pinched, type Tool, toSlice, type View, windowBy, zoomAbout } from './view.ts';
import { notchesOf, wholeNotches } from './wheel.ts';

interface DragOptions {
  readonly volume: ShownVolume;
  readonly view: View;
  readonly at: Rectangle;
  readonly size: Size;
  onChange(change: (view: View) => View): void;
  onPoint(place: Place | undefined): void;
  onMeasure(measurement: Measurement): void;
}

interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** What the middle and the right button do, whatever the tool is: the habits of reading rooms. */
const OTHER_BUTTONS: Readonly<Record<number, Tool>> = { 1: 'pan', 2: 'window' };
const PX_PER_SLICE = 8;
const ZOOM_PER_PX = 1.008;
const ZOOM_PER_NOTCH = 1.15;

interface HeldDrag {
  readonly tool: Tool;
  readonly from: Place;
  /** Pixels that have not made a slice yet. */
  rest: number;
}

interface DragStep extends DragOptions {
  readonly held: HeldDrag;
  readonly dx: number;
  readonly dy: number;
  readonly place: Place;
}

/** What a drag does, tool by tool. */
const DRAGS: Readonly<Record<Tool, (step: DragStep) => void>> = {
  pan: ({ onChange, dx, dy }) => onChange((view) => panBy(view, dx, dy)),
  window: ({ onChange, dx, dy }) => onChange((view) => windowBy(view, dx, dy)),
  zoom: ({ onChange, dy }) => onChange((view) => zoomAbout(view, ZOOM_PER_PX ** -dy, 0, 0)),
  length: ({ onMeasure, view, held, place }) => onMeasure({ slice: view.slice, from: held.from, to: place }),
  scroll: ({ onChange, held, dy, volume }) => {
    held.rest += dy;
    const slices = Math.trunc(held.rest / PX_PER_SLICE);
    held.rest -= slices * PX_PER_SLICE;
    // Down is towards the base, as with the wheel and the keys
    onChange((view) => toSlice(view, view.slice - slices, volume.slices));
  },
};

/** Wheel, drags and two fingers, as changes of the view. */
export function useDrag(options: DragOptions) {
  const latest = useRef(options);
  latest.current = options;
  const pointers = useRef(new Map<number, Pointer>());
  const drag = useRef<HeldDrag>(undefined);
  const element = useRef<HTMLElement>(null);

  const inside = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>): Pointer => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const placeOf = ({ x, y }: Pointer): Place => placeAt(latest.current.volume, latest.current.at, x, y);

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = inside(event);
    pointers.current.set(event.pointerId, point);
    // A finger has not moved here before: a tap asks for the HU under it
    latest.current.onPoint(placeOf(point));
    const tool = OTHER_BUTTONS[event.button] ?? latest.current.view.tool;
    // A second finger ends the drag: the one that stays afterwards does nothing until it is lifted
    drag.current = pointers.current.size === 1 ? { tool, from: placeOf(point), rest: 0 } : undefined;
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    element.current = event.currentTarget;
    const point = inside(event);
    latest.current.onPoint(placeOf(point));
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    pointers.current.set(event.pointerId, point);
    if (pointers.current.size === 2) pinch(event.pointerId, before, point);
    else if (drag.current !== undefined)
      DRAGS[drag.current.tool]({
        ...latest.current,
        held: drag.current,
        dx: point.x - before.x,
        dy: point.y - before.y,
        place: placeOf(point),
      });
  };

  /** Two fingers: their distance zooms, their middle pans. */
  const pinch = (moved: number, before: Pointer, point: Pointer): void => {
    const other = [...pointers.current].find(([id]) => id !== moved)?.[1];
    if (other === undefined) return;
    const { size, onChange } = latest.current;
    const fromMiddle = ({ x, y }: Pointer) => ({ x: x - size.width / 2, y: y - size.height / 2 });
    const [from, to, still] = [fromMiddle(before), fromMiddle(point), fromMiddle(other)];
    onChange((now) => pinched(now, from, to, still));
  };

  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    pointers.current.delete(event.pointerId);
    if (pointers.current.size === 0) drag.current = undefined;
  };

  useWheel(element, latest);
  return {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: onPointerUp,
    onPointerEnter: (event: PointerEvent<HTMLElement>) => {
      element.current = event.currentTarget;
    },
    // A finger that is lifted leaves too, and what it asked for is read then
    onPointerLeave: ({ pointerType }: PointerEvent<HTMLElement>) => {
      if (pointerType !== 'touch') latest.current.onPoint(undefined);
    },
    onContextMenu: (event: { preventDefault(): void }) => event.preventDefault(),
  };
}

/** React listens to wheels passively, and a passive listener cannot keep the page from scrolling. */
function useWheel(element: { current: HTMLElement | null }, latest: { current: DragOptions }): void {
  useEffect(() => {
    let rest = 0;
    const onWheel = (event: WheelEvent): void => {
      const held = element.current;
      if (held === null || !(event.target instanceof Node) || !held.contains(event.target)) return;
      event.preventDefault();
      const { volume, onChange } = latest.current;
      const notches = notchesOf(event);
      if (!event.ctrlKey) {
        const turned = wholeNotches(rest, notches);
        rest = turned.rest;
        if (turned.whole !== 0) onChange((now) => toSlice(now, now.slice - turned.whole, volume.slices));
        return;
      }
      const { left, top, width, height } = held.getBoundingClientRect();
      const [x, y] = [event.clientX - left - width / 2, event.clientY - top - height / 2];
      onChange((now) => zoomAbout(now, ZOOM_PER_NOTCH ** -notches, x, y));
    };
    globalThis.addEventListener('wheel', onWheel, { passive: false });
    return () => globalThis.removeEventListener('wheel', onWheel);
  }, [element, latest]);
}
