import { isEmpty, type Measurement, withoutInterval } from '../../statistics/index.ts';

/** An estimated variance of 0 (perfect separation, full agreement) is no certainty: the value stays, the interval goes. */
export function widthless(measurement: Measurement): Measurement {
  if (isEmpty(measurement)) return measurement;
  const isFlat = measurement.standardError === 0 || measurement.low === measurement.high;
  return isFlat ? withoutInterval(measurement.value, 'estimated variance 0') : measurement;
}
