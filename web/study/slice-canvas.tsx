import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { WORDS } from '../words.ts';
import { CardCanvas } from './card-canvas.tsx';
import { hasGraphicsCard } from './graphics-card.ts';
import type { SliceCanvasProps } from './painted-slice.ts';
import { ProcessorCanvas } from './processor-canvas.tsx';

/** By WebGL2 where a graphics card computes it, else, and once the card is lost, by the processor. */
export function SliceCanvas(props: SliceCanvasProps): ReactNode {
  const [isOnCard, setOnCard] = useState<boolean>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    hasGraphicsCard().then(setOnCard);
  }, []);
  const onLost = useCallback(() => setLost(true), []);
  if (isOnCard === undefined) return null;
  if (isOnCard && !isLost) return <CardCanvas {...props} onLost={onLost} />;
  return (
    <>
      <ProcessorCanvas {...props} />
      {isLost && (
        <p className="notice" role="status">
          {WORDS.study.graphicsLost}
        </p>
      )}
    </>
  );
}
