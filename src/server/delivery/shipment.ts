import type { Archive } from '../../archive/index.ts';
import type { Parcel } from './next-delivery.ts';

/** A parcel on its way: with the place of its files. */
export interface Shipment {
  readonly archive: Archive;
  readonly parcel: Parcel;
  /** Of a result's files. */
  readonly folder: string;
  readonly callingAe: string;
  /** Cuts a delivery that is under way, where the service stops. */
  readonly signal: AbortSignal;
}
