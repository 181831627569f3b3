import { openAssociation } from '../dicom-network/requester.ts';
import type { DicomDestination } from './destinations.ts';
import { resultObjects } from './result-objects.ts';
import type { Shipment } from './shipment.ts';

/** C-STORE of all objects in one association; an archive knows by their UIDs what it has already. */
export async function sendDicom(
  { ae, ...peer }: DicomDestination,
  { folder, callingAe, signal }: Shipment,
): Promise<void> {
  const objects = await resultObjects(folder);
  if (objects.length === 0) return;
  using association = await openAssociation({ ...peer, calledAe: ae, callingAe }, objects, signal);
  for (const { file, dataSetStart, ...meta } of objects)
    await association.store({ ...meta, dataSet: file.subarray(dataSetStart) });
  await association.release();
}
